// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sciabc.launch.NextJob.Begun;
import org.sciabc.launch.NextJob.Waiting;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;

class NextJobTest {
    private final List<Exception> failures = new ArrayList<>();
    private final NextJob next = new NextJob(failures::add);
    private final Launcher launcher = new Launcher();

    @Test
    void whatWasBegunIsTakenOnce() throws Exception {
        assertThat(next.begin(launcher, like(), "here")).isTrue();

        assertThat(next.take(launcher).orElseThrow().surroundings()).isEqualTo("here");
        assertThat(next.take(launcher)).isEmpty();
    }

    @Test
    void whatNobodyUsedCanBeTakenAgain() throws Exception {
        next.begin(launcher, like(), "");
        next.giveBack(next.take(launcher).orElseThrow());

        assertThat(next.take(launcher)).isPresent();
        next.close();
        assertThat(launcher.begun.get(0).isClosed.getCount()).isOne();
    }

    @Test
    void anotherLauncherEndsIt() throws Exception {
        next.begin(launcher, like(), "");

        assertThat(next.take(new Launcher())).isEmpty();
        next.close();
        assertThat(launcher.begun.get(0).isClosed.getCount()).isZero();
    }

    @Test
    void anotherOneTakesItsPlaceAndEndsIt() throws Exception {
        next.begin(launcher, like(), "");
        next.begin(launcher, like(), "");

        assertThat(launcher.begun.get(0).isClosed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(next.take(launcher).map(Begun::start)).contains(launcher.begun.get(1));
    }

    @Test
    void closingEndsWhatWasNotTaken() throws Exception {
        next.begin(launcher, like(), "");
        next.close();

        assertThat(launcher.begun.get(0).isClosed.getCount()).isZero();
        assertThat(next.take(launcher)).isEmpty();
    }

    @Test
    void whatWaitsIsToldWhenAllOfItDoes() throws Exception {
        next.begin(launcher, like(), "");
        assertThat(next.waiting()).isEmpty();

        launcher.begun.get(0).isReady = true;
        assertThat(next.waiting()).contains(new Waiting(4, List.of("node1", "node2")));
        next.take(launcher);
        assertThat(next.waiting()).isEmpty();
    }

    @Test
    void whatNeverCameToBeReadyIsNotTriedAgainUntilSomebodyWantsThat() throws Exception {
        NextJob impatient = new NextJob(failures::add, Duration.ZERO);
        impatient.begin(launcher, like(), "");
        impatient.begin(launcher, like(), "");

        assertThat(impatient.begin(launcher, like(), "")).isFalse();
        impatient.hope();
        assertThat(impatient.begin(launcher, like(), "")).isTrue();
    }

    /** It made room for another job, or a node has gone. */
    @Test
    void whatWasReadyOnceIsTriedAgain() throws Exception {
        NextJob impatient = new NextJob(failures::add, Duration.ZERO);
        for (int number = 0; number < 4; number++) {
            assertThat(impatient.begin(launcher, like(), "")).isTrue();
            launcher.begun.get(number).isReady = true;
            impatient.waiting();
            launcher.begun.get(number).isReady = false;
        }
    }

    @Test
    void whatCannotBeBegunOrEndedIsTold() throws Exception {
        launcher.isBroken = true;
        assertThat(next.begin(launcher, like(), "")).isFalse();
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("cannot: no way"));

        launcher.isBroken = false;
        next.begin(launcher, like(), "");
        launcher.isBroken = true;
        next.close();
        assertThat(failures).hasSize(2);
    }

    private static LaunchRequest like() throws SciabcException {
        List<ReadyNode> nodes = new ArrayList<>();
        for (String name : List.of("node1", "node2")) {
            var address = Subnet.parse("127.0.0.1").orElseThrow().base();
            nodes.add(new ReadyNode(Node.of(name, List.of(address)), address, "pi", 2));
        }
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), false),
                nodes,
                Path.of("nodes.txt"),
                List.of(),
                new RemoteShell(List.of("ssh")),
                Settings.of(List.of(), Map.of()),
                Path.of("state"),
                new OwnProcesses("", Duration.ofSeconds(1)));
    }

    private static final class Launcher implements JobLauncher {
        private final List<Start> begun = new ArrayList<>();
        private volatile boolean isBroken;

        @Override
        public String id() {
            return "fake";
        }

        @Override
        public String summary() {
            return "begins in advance";
        }

        @Override
        public String hostfile(HostfileRequest request) {
            return "";
        }

        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
            return ExitStatus.OK;
        }

        @Override
        public Optional<EarlyStart> startAhead(LaunchRequest like) throws SciabcException {
            orFail();
            begun.add(new Start());
            return Optional.of(begun.get(begun.size() - 1));
        }

        private void orFail() throws SciabcException {
            if (isBroken) {
                throw new SciabcException("cannot", "no way", "");
            }
        }

        private final class Start implements EarlyStart {
            private final CountDownLatch isClosed = new CountDownLatch(1);
            private volatile boolean isReady;

            @Override
            public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams) {
                return Optional.of(ExitStatus.OK);
            }

            @Override
            public boolean isReady() {
                return isReady;
            }

            @Override
            public void close() throws SciabcException {
                isClosed.countDown();
                orFail();
            }
        }
    }
}
