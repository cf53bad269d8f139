// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.standby.Later;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

class BeginningTest {
    private static final CommandStreams NONE =
            CommandStreams.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

    private final List<String> log = new ArrayList<>();
    private final CountDownLatch mayClose = new CountDownLatch(1);
    private Optional<ExitStatus> ofEarly = Optional.of(new ExitStatus(3));
    private boolean startsEarly = true;
    private boolean closesWell = true;

    @Test
    void whatWasBegunIsUsedAndClosed() throws Exception {
        mayClose.countDown();
        try (Beginning beginning = new Beginning(launcher(), Optional.empty())) {
            beginning.begin(request());
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(3));
            assertThat(log).containsExactly("begin", "run", "close");
        }
        assertThat(log).hasSize(3);
    }

    @Test
    void whatDoesNotFitIsClosedBeforeTheJobIsLaunched() throws Exception {
        mayClose.countDown();
        ofEarly = Optional.empty();
        try (Beginning beginning = new Beginning(launcher(), Optional.of(new Later()))) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        assertThat(log).containsExactly("begin", "run", "close", "launch");
    }

    @Test
    void whereNothingCanBeBegunTheJobIsLaunched() throws Exception {
        startsEarly = false;
        try (Beginning beginning = new Beginning(launcher(), Optional.of(new Later()))) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        assertThat(log).containsExactly("begin", "launch");
    }

    @Test
    void whatWasBegunForAJobThatTheChecksRefuseIsTakenBack() throws Exception {
        mayClose.countDown();
        try (Beginning beginning = new Beginning(launcher(), Optional.of(new Later()))) {
            beginning.begin(request());
        }
        assertThat(log).containsExactly("begin", "close");
    }

    @Test
    void aProcessThatStaysDoesNotWaitForTheRestButTheNextJobDoes() throws Exception {
        Later later = new Later();
        try (Beginning beginning = new Beginning(launcher(), Optional.of(later))) {
            beginning.begin(request());
            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(3));
        }
        assertThat(log).containsExactly("begin", "run");

        mayClose.countDown();
        try (Beginning next = new Beginning(launcher(), Optional.of(later))) {
            next.begin(request());
            assertThat(log).containsExactly("begin", "run", "close", "begin");
        }
    }

    @Test
    void whatCouldNotBeDoneLaterIsSaidToTheNext() throws Exception {
        closesWell = false;
        mayClose.countDown();
        Later later = new Later();
        try (Beginning beginning = new Beginning(launcher(), Optional.of(later))) {
            beginning.begin(request());
            beginning.launch(request(), NONE);
        }
        try (Beginning next = new Beginning(launcher(), Optional.of(later))) {
            assertThatThrownBy(() -> next.begin(request()))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("something stays: here");
        }
        later.finish();
    }

    private static LaunchRequest request() throws SciabcException {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), false),
                List.of(),
                Path.of("nodes.txt"),
                List.of(),
                new RemoteShell(List.of("ssh")),
                Settings.of(List.of(), Map.of()),
                Path.of("state"),
                new OwnProcesses("", Duration.ofSeconds(1)));
    }

    private synchronized void log(String what) {
        log.add(what);
    }

    private JobLauncher launcher() {
        return new JobLauncher() {
            @Override
            public String id() {
                return "logging";
            }

            @Override
            public String summary() {
                return "says what is asked of it";
            }

            @Override
            public String hostfile(HostfileRequest request) {
                return "";
            }

            @Override
            public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
                log("launch");
                return new ExitStatus(7);
            }

            @Override
            public Optional<EarlyStart> startEarly(LaunchRequest expected) {
                log("begin");
                return startsEarly ? Optional.of(new Early()) : Optional.empty();
            }
        };
    }

    private final class Early implements EarlyStart {
        @Override
        public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams) {
            log("run");
            return ofEarly;
        }

        @Override
        public void close() throws SciabcException {
            try {
                mayClose.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            if (!closesWell) {
                throw new SciabcException("something stays", "here", "");
            }
            log("close");
        }
    }
}
