// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.JobLauncher.Feature;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/**
 * The contract of {@link JobLauncher} as tests. A launcher's own test extends it, says how the launcher is created, and sets
 * what makes it launch on this machine: either the real program, or one that stands in for it.
 *
 * <pre>{@code
 * class SlurmContractTest extends LauncherContractTest {
 *     @Override
 *     protected JobLauncher create() {
 *         return new SlurmLauncher();
 *     }
 *
 *     @Override
 *     protected Map<String, String> given() {
 *         return Map.of("srun", standIn.toString());
 *     }
 * }
 * }</pre>
 *
 * <p>Jobs are small scripts for {@code /bin/sh} with one process or two. What a launcher declares not to support is tested to be
 * refused.
 */
public abstract class LauncherContractTest extends PureLauncherContractTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration PATIENCE_OF_PROGRAMS = Duration.ofSeconds(2);
    private static final String FOR_EVER = "echo $$; sleep 3600; echo not reached";
    private static final int MANY_LINES = 20_000;

    /** For subclasses. */
    protected LauncherContractTest() {}

    /**
     * The nodes that jobs run on: this machine.
     *
     * @return one node with two slots, at 127.0.0.1, unless overridden
     * @throws Exception when that fails, which fails the test
     */
    protected List<ReadyNode> nodes() throws Exception {
        return List.of(SampleNodes.ready("localhost", "127.0.0.1", System.getProperty("user.name", "root"), 2));
    }

    /**
     * How programs are started on the nodes. A launcher that starts even those of this machine through it needs one that does
     * what {@link Provisioner#remoteShell} promises, with the address left out:
     *
     * <pre>{@code
     * return new RemoteShell(List.of("/bin/sh", "-c", "shift; exec /bin/sh -c \"$*\"", "sh"));
     * }</pre>
     *
     * @return a command that always fails unless overridden: most launchers need none for this machine
     * @throws Exception when that fails, which fails the test
     */
    protected RemoteShell remoteShell() throws Exception {
        return new RemoteShell(List.of("/bin/false"));
    }

    /**
     * Settings with which no job can be started, such as the path of a program that does not exist.
     *
     * @return texts by key; absent unless overridden, and then that test is skipped
     * @throws Exception when that fails, which fails the test
     */
    protected Optional<Map<String, String>> givenSoThatNothingStarts() throws Exception {
        return Optional.empty();
    }

    @Override
    final void useOnce() throws Exception {
        useWith(settings());
    }

    @Override
    final void useWith(Settings settings) throws Exception {
        JobLauncher launcher = create();
        LaunchRequest request = request(settings, ownProcesses(), "echo used");
        launcher.probes(request);
        if (launcher.supports(Feature.LAUNCH)) {
            Call.make(() ->
                    launcher.launch(request, RecordingStreams.withoutInput().streams()));
        }
    }

    @Test
    final void launchesOrRefusesTo() throws Exception {
        JobLauncher launcher = create();
        LaunchRequest request = request("echo done");
        RecordingStreams streams = RecordingStreams.withoutInput();
        if (!launcher.supports(Feature.LAUNCH)) {
            Refusal.require(
                    "launching, which it declares not to support,", () -> launcher.launch(request, streams.streams()));
            return;
        }
        assertThat(Call.make(() -> launcher.launch(request, streams.streams())))
                .as("how the job ended; it said '%s'", streams.err())
                .isEqualTo(ExitStatus.OK);
        assertThat(streams.out()).isEqualTo("done\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 200})
    final void passesTheExitStatusOn(int code) throws Exception {
        assertThat(launch("exit " + code).status())
                .as("the exit status is the job's own")
                .isEqualTo(new ExitStatus(code));
    }

    @Test
    final void deliversAllOutputBeforeItReturns() throws Exception {
        Ran ran = launch("i=0; while [ $i -lt " + MANY_LINES + " ]; do echo line $i; i=$((i+1)); done");

        assertThat(ran.streams().out().lines().count())
                .as("lines of output that were there when launch returned")
                .isEqualTo(MANY_LINES);
        Call.letPass(Duration.ofMillis(200));
        assertThat(ran.streams().violations())
                .as("streams are left alone when launch has returned")
                .noneMatch(violation -> violation.contains("after the end"));
    }

    @Test
    final void deliversOutputAsItComes() throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        RecordingStreams streams = RecordingStreams.withoutInput();
        LaunchRequest request = request("echo ready; sleep 3600");
        Call<ExitStatus> call = Call.begin(() -> launcher.launch(request, streams.streams()));
        try {
            streams.awaitOut("ready\n", SOON);
        } finally {
            call.interrupt();
            call.endsWithin(SOON);
        }
    }

    @Test
    final void passesInputOnOrLeavesItAlone() throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        if (!launcher.supports(Feature.STANDARD_INPUT)) {
            AtomicBoolean read = new AtomicBoolean();
            RecordingStreams streams = RecordingStreams.withInput(new Touched(read));
            LaunchRequest request = request("echo done");
            Call.make(() -> launcher.launch(request, streams.streams()));
            assertThat(read)
                    .as("a launcher that does not pass input on must not read it")
                    .isFalse();
            return;
        }
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream typed = new PipedInputStream(typing)) {
            RecordingStreams streams = RecordingStreams.withInput(typed);
            LaunchRequest request = request("echo ready; read word; echo got $word");
            Call<ExitStatus> call = Call.begin(() -> launcher.launch(request, streams.streams()));
            streams.awaitOut("ready\n", SOON);
            typing.write("it\n".getBytes(StandardCharsets.UTF_8));
            typing.close();
            CommandContractTest.requireEnd(call, SOON, "a job that has all it waits for has to end");
            assertThat(streams.out()).isEqualTo("ready\ngot it\n");
        }
    }

    @Test
    final void passesWordsAndEnvironmentOnAsTheyAre() throws Exception {
        List<String> words = List.of("a b", "*", "$HOME", "it's", ":", "end");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "echo \"$SAID\"; printf '%s\\n' \"$@\"", "sh"));
        command.addAll(words);
        LaunchRequest.Job job =
                new LaunchRequest.Job(command, OptionalInt.of(1), Map.of("SAID", "two words and 'quotes'"), true);
        RecordingStreams streams = launch(job).streams();

        assertThat(streams.out().lines().toList())
                .as("the environment and the arguments that the job saw; it said '%s'", streams.err())
                .startsWith("two words and 'quotes'")
                .endsWith(words.toArray(String[]::new))
                .hasSize(1 + words.size());
    }

    @Test
    final void startsAsManyProcessesAsWereAskedFor() throws Exception {
        Ran ran = launch(job("echo here").withRanks(OptionalInt.of(2)));
        assertThat(ran.streams().out()).isEqualTo("here\nhere\n");
    }

    @Test
    final void startsOneProcessForEachSlotWhereNobodySaysHowMany() throws Exception {
        LaunchRequest.Job job = job("echo here").withRanks(OptionalInt.empty());
        int slots = nodes().stream().mapToInt(ReadyNode::slots).sum();

        assertThat(launch(job).streams().out())
                .as("a job with no number of processes has one for each slot, here %d", slots)
                .isEqualTo("here\n".repeat(slots));
    }

    @Test
    final void tagsOutputOrRefusesTo() throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        LaunchRequest.Job job = job("echo here").withRanks(OptionalInt.of(2)).withTags();
        RecordingStreams streams = RecordingStreams.withoutInput();
        LaunchRequest request = request(settings(), ownProcesses(), job);
        if (!launcher.supports(Feature.TAGGED_OUTPUT)) {
            Refusal.require(
                    "tagging output, which it declares not to support,",
                    () -> launcher.launch(request, streams.streams()));
            return;
        }
        Call.make(() -> launcher.launch(request, streams.streams()));

        String node = request.nodes().get(0).node().name();
        assertThat(streams.out().lines().sorted())
                .as("tagged output; it said '%s'", streams.err())
                .containsExactly("[0 " + node + "] here", "[1 " + node + "] here");
    }

    @Test
    final void startsInTheFolderThatWasAskedFor() throws Exception {
        Path folder =
                Files.createDirectories(temporaryFolder().resolve("job folder")).toRealPath();
        LaunchRequest.Job job = job("pwd").in(folder.toString(), List.of("/bin/sh", "-c", "pwd -P"));

        assertThat(launch(job).streams().out()).isEqualTo(folder + "\n");
    }

    @Test
    final void leavesStreamsOpen() throws Exception {
        assertThat(launch("echo done").streams().violations())
                .as("streams are their owner's to close")
                .noneMatch(violation -> violation.contains("closed"));
    }

    @Test
    final void endsTheJobWhenInterrupted() throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        RecordingStreams streams = RecordingStreams.withoutInput();
        LaunchRequest request = request(FOR_EVER);
        Call<ExitStatus> call = Call.begin(() -> launcher.launch(request, streams.streams()));
        streams.awaitOut("\n", SOON);
        long process = Long.parseLong(streams.out().strip());
        call.interrupt();
        CommandContractTest.requireEnd(
                call,
                PATIENCE_OF_PROGRAMS.plus(Call.A_SECOND),
                "an interrupted launch has to end as soon as its programs have");
        try {
            Eventually.until(
                    "the end of the job after interruption",
                    PATIENCE_OF_PROGRAMS.plus(Call.A_SECOND),
                    () -> ProcessHandle.of(process)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        } finally {
            ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
        }
        try {
            ExitStatus status = call.result();
            throw new AssertionError("an interrupted launch has to throw InterruptedException, and returned " + status);
        } catch (InterruptedException asItHasTo) {
            assertThat(asItHasTo).isNotNull();
        }
    }

    @Test
    final void startsProgramsOnlyThroughTheRequest() throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        LocalProcesses refusing = (command, environment, streams) -> {
            throw new SciabcException("cannot start " + command.get(0), "this test starts nothing", "");
        };
        Set<Long> before = children();
        LaunchRequest request = request(settings(), refusing, "echo done");
        RecordingStreams streams = RecordingStreams.withoutInput();
        Refusal.require("launching where nothing may be started", () -> launcher.launch(request, streams.streams()));
        Set<Long> started = children();
        started.removeAll(before);
        assertThat(started)
                .as("processes that were started by other means than LaunchRequest.processes, which ends them")
                .isEmpty();
        assertThat(streams.out()).isEmpty();
    }

    @Test
    final void saysThatAJobCouldNotBeStarted() throws Exception {
        assumeLaunches();
        Optional<Map<String, String>> given = givenSoThatNothingStarts();
        assumeTrue(given.isPresent(), "there are no settings with which nothing starts");
        JobLauncher launcher = create();
        LaunchRequest request =
                request(Settings.of(launcher.settings(), given.orElseThrow()), ownProcesses(), "echo done");
        Refusal.require(
                "launching without the program that launches",
                () -> launcher.launch(request, RecordingStreams.withoutInput().streams()));
    }

    /** What came of a job. */
    private record Ran(ExitStatus status, RecordingStreams streams) {}

    private Ran launch(String script) throws Exception {
        return launch(job(script));
    }

    private Ran launch(LaunchRequest.Job job) throws Exception {
        assumeLaunches();
        JobLauncher launcher = create();
        LaunchRequest request = request(settings(), ownProcesses(), job);
        RecordingStreams streams = RecordingStreams.withoutInput();
        ExitStatus status = Call.make(() -> launcher.launch(request, streams.streams()));
        streams.commandEnded();
        return new Ran(status, streams);
    }

    private void assumeLaunches() throws Exception {
        assumeTrue(create().supports(Feature.LAUNCH), "this launcher declares that it cannot launch");
    }

    private static LocalProcesses ownProcesses() {
        return new OwnProcesses(
                Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"), PATIENCE_OF_PROGRAMS);
    }

    private static Set<Long> children() {
        return ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private LaunchRequest request(String script) throws Exception {
        return request(settings(), ownProcesses(), script);
    }

    private LaunchRequest request(Settings settings, LocalProcesses processes, String script) throws Exception {
        return request(settings, processes, job(script));
    }

    private static LaunchRequest.Job job(String script) {
        return new LaunchRequest.Job(List.of("/bin/sh", "-c", script), OptionalInt.of(1), Map.of(), true);
    }

    private LaunchRequest request(Settings settings, LocalProcesses processes, LaunchRequest.Job job) throws Exception {
        List<ReadyNode> nodes = nodes();
        String text = create().hostfile(new HostfileRequest(nodes, System.getProperty("user.name", "root")));
        Path hostfile = Files.writeString(temporaryFolder().resolve("nodes.txt"), text);
        return new LaunchRequest(job, nodes, hostfile, List.of(), remoteShell(), settings, stateFolder(), processes);
    }

    /** Input that says whether anybody wanted it. */
    private static final class Touched extends InputStream {
        private final AtomicBoolean read;

        Touched(AtomicBoolean read) {
            this.read = read;
        }

        @Override
        public int read() {
            read.set(true);
            return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return read();
        }
    }
}
