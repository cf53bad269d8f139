// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.launch.NextJob;
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

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final List<SciabcException> told = new ArrayList<>();
    private Optional<ExitStatus> ofEarly = Optional.of(new ExitStatus(3));
    private boolean startsEarly = true;
    private boolean beginsWell = true;
    private boolean closesWell = true;
    private boolean isInterrupted;

    @Test
    void whatWasBegunIsUsedAndClosed() throws Exception {
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(3));
            assertThat(log).containsExactly("begin", "run", "close");
        }
        assertThat(log).hasSize(3);
    }

    @Test
    void whatDoesNotFitIsClosedBeforeTheJobIsLaunched() throws Exception {
        ofEarly = Optional.empty();
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        assertThat(log).containsExactly("begin", "run", "close", "launch");
    }

    @Test
    void whereNothingCanBeBegunTheJobIsLaunched() throws Exception {
        startsEarly = false;
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        assertThat(log).containsExactly("begin", "launch");
    }

    @Test
    void whatWasBegunForAJobThatTheChecksRefuseIsTakenBack() throws Exception {
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());
        }
        assertThat(log).containsExactly("begin", "close");
    }

    @Test
    void whatCouldNotBeTakenBackIsTold() throws Exception {
        closesWell = false;
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(3));
        }
        assertThat(told)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("something stays: here"));
    }

    @Test
    void whatCouldNotBeBegunIsToldAndTheJobIsLaunched() throws Exception {
        beginsWell = false;
        try (Beginning beginning = new Beginning(launcher(), Optional.empty(), told::add)) {
            beginning.begin(request());

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void whatWasBegunByTheLaunchBeforeIsUsedInTheSameSurroundings() throws Exception {
        NextJob next = new NextJob(told::add);
        next.begin(launcher, request(), "here");
        try (Beginning beginning = new Beginning(launcher, Optional.of(next), told::add)) {
            beginning.begin(request());
            beginning.checked(Optional.of("here"));

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(3));
        }
        next.close();
        assertThat(log).containsExactly("begin ahead", "run", "close");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "elsewhere")
    void inOtherSurroundingsItIsOfNoUse(@Nullable String seen) throws Exception {
        NextJob next = new NextJob(told::add);
        next.begin(launcher, request(), "here");
        try (Beginning beginning = new Beginning(launcher, Optional.of(next), told::add)) {
            beginning.begin(request());
            beginning.checked(Optional.ofNullable(seen));

            assertThat(beginning.launch(request(), NONE)).isEqualTo(new ExitStatus(7));
        }
        next.close();
        assertThat(log).containsExactlyInAnyOrder("begin ahead", "close", "launch");
    }

    @Test
    void aJobThatTheChecksRefuseLeavesItForTheNext() throws Exception {
        NextJob next = new NextJob(told::add);
        next.begin(launcher, request(), "here");
        try (Beginning beginning = new Beginning(launcher, Optional.of(next), told::add)) {
            beginning.begin(request());
        }
        assertThat(next.take(launcher)).isPresent();
        assertThat(log).containsExactly("begin ahead");
    }

    @Test
    void anInterruptedJobEndsIt() throws Exception {
        NextJob next = new NextJob(told::add);
        next.begin(launcher, request(), "here");
        isInterrupted = true;
        try (Beginning beginning = new Beginning(launcher, Optional.of(next), told::add)) {
            beginning.begin(request());
            beginning.checked(Optional.of("here"));

            assertThatThrownBy(() -> beginning.launch(request(), NONE)).isInstanceOf(InterruptedException.class);
        }
        assertThat(next.take(launcher)).isEmpty();
        next.close();
        assertThat(log).containsExactly("begin ahead", "run", "close");
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

    private void log(String what) {
        log.add(what);
    }

    private final JobLauncher launcher = launcher();

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
            public Optional<EarlyStart> startAhead(LaunchRequest like) {
                log("begin ahead");
                return Optional.of(new Early());
            }

            @Override
            public Optional<EarlyStart> startEarly(LaunchRequest expected) throws SciabcException {
                if (!beginsWell) {
                    throw new SciabcException("cannot begin", "no way", "");
                }
                log("begin");
                return startsEarly ? Optional.of(new Early()) : Optional.empty();
            }
        };
    }

    private final class Early implements EarlyStart {
        @Override
        public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams) throws InterruptedException {
            log("run");
            if (isInterrupted) {
                throw new InterruptedException();
            }
            return ofEarly;
        }

        @Override
        public void close() throws SciabcException {
            if (!closesWell) {
                throw new SciabcException("something stays", "here", "");
            }
            log("close");
        }
    }
}
