// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;

/** An {@code mpirun} that starts a remote shell for each node, as Open MPI's does, and then the program here. */
@Timeout(60)
class GatedMpirunTest {
    private static final String MPIRUN = """
            #!/bin/sh
            here=$(dirname "$0")
            ranks=0
            while [ "$1" != sh ] && [ "$1" != cat ]; do
              [ "$1" != -n ] || ranks=$2
              shift
            done
            : >"$here/ready"
            pids=''
            for node in $(seq "$ranks"); do
              $OMPI_MCA_plm_rsh_agent "node$node" orted 8<&- &
              pids="$pids $!"
            done
            for pid in $pids; do wait "$pid" || { echo 'no daemon' >&2; exit 1; }; done
            exec "$@"
            """;

    @TempDir
    private Path folder;

    private Path mpirun;
    private Path started;
    private Path state;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void install() throws IOException {
        mpirun = program("mpirun", MPIRUN);
        started = folder.resolve("started");
        program("shell", "#!/bin/sh\necho \"$*\" >>" + started + "\n");
        state = Files.createDirectory(folder.resolve("state"));
    }

    @Test
    void nothingBeginsOnANodeBeforeTheJobMayRun() throws Exception {
        LaunchRequest request = request(2, "sh", "-c", "echo ran; echo oops >&2; exit 3");
        try (EarlyStart early = begun(request)) {
            assertThat(early.isReady()).isTrue();
            assertThat(started).doesNotExist();

            assertThat(launch(early, request, "")).contains(new ExitStatus(3));
            assertThat(early.isReady()).isFalse();
        }
        assertThat(Files.readAllLines(started)).containsExactlyInAnyOrder("node1 orted", "node2 orted");
        assertThat(out).hasToString("ran\n");
        assertThat(err).hasToString("oops\n");
        assertNothingIsLeft();
    }

    @Test
    void itMayRunAtOnceOrBeSentAwayAtOnce() throws Exception {
        LaunchRequest request = request(2, "sh", "-c", "exit 3");
        for (int time = 0; time < 10; time++) {
            try (EarlyStart early = GatedMpirun.begin(request).orElseThrow()) {
                early.answered();
                assertThat(launch(early, request, "")).contains(new ExitStatus(3));
            }
            EarlyStart refused = GatedMpirun.begin(request).orElseThrow();
            refused.answered();
            refused.close();
            assertNothingIsLeft();
        }
        assertThat(Files.readAllLines(started)).hasSize(20);
    }

    @Test
    void nothingBeginsWhereTheJobMayNotRun() throws Exception {
        begun(request(3, "sh", "-c", "echo ran")).close();

        assertThat(started).doesNotExist();
        assertThat(out.size() + err.size()).isZero();
        assertNothingIsLeft();
    }

    @Test
    void anotherJobThanTheExpectedOneIsNotRun() throws Exception {
        try (EarlyStart early = begun(request(2, "sh", "-c", "echo one"))) {
            assertThat(launch(early, request(2, "sh", "-c", "echo two"), "")).isEmpty();
            assertThat(launch(early, request(1, "sh", "-c", "echo one"), "")).isEmpty();
        }
        assertThat(started).doesNotExist();
    }

    @Test
    void aJobWithInputIsStartedAnewAndGetsIt() throws Exception {
        LaunchRequest request = request(1, "cat");
        try (EarlyStart early = begun(request)) {
            // The script that fetches it is bash's; here the stand-in hands its own input on.
            Optional<ExitStatus> status = launch(early, request, "data");

            assertThat(status).isPresent();
            assertThat(early.isReady()).isFalse();
        }
        assertThat(Files.readAllLines(started)).containsExactly("node1 orted");
        assertNothingIsLeft();
    }

    @Test
    void whereAllHaveNotAnsweredNothingHasBegun() throws Exception {
        LaunchRequest request = request(1, "sh", "-c", "echo ran");
        try (EarlyStart early = GatedMpirun.begin(request).orElseThrow()) {
            assertThat(early.isReady()).isFalse();
            assertThat(launch(early, request, "")).isEmpty();
        }
        assertThat(mpirun.resolveSibling("ready")).doesNotExist();
    }

    @Test
    void processesOfThisMachineCannotBeHeldBack() throws Exception {
        LaunchRequest here = request(List.of(node(1, new byte[] {127, 0, 0, 1})), "sh", "-c", "echo ran");

        assertThat(GatedMpirun.begin(here)).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws Exception {
        Process over = new ProcessBuilder("true").start();
        over.waitFor();
        Path left = Files.createFile(state.resolve("gate_of_" + over.pid()));

        begun(request(1, "sh", "-c", "echo ran")).close();

        assertThat(left).doesNotExist();
    }

    private EarlyStart begun(LaunchRequest request) throws Exception {
        EarlyStart early = GatedMpirun.begin(request).orElseThrow();
        early.answered();
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(mpirun.resolveSibling("ready")));
        return early;
    }

    private Optional<ExitStatus> launch(EarlyStart early, LaunchRequest request, String input) throws Exception {
        return early.launch(
                request,
                new CommandStreams(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err));
    }

    private void assertNothingIsLeft() throws IOException {
        try (var files = Files.list(state)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly("gate");
        }
    }

    private LaunchRequest request(int nodes, String... command) throws Exception {
        List<ReadyNode> ready = new ArrayList<>();
        for (int number = 1; number <= nodes; number++) {
            ready.add(node(number, new byte[] {10, 0, 3, (byte) number}));
        }
        return request(ready, command);
    }

    private static ReadyNode node(int number, byte[] address) throws IOException {
        InetAddress at = InetAddress.getByAddress(address);
        return new ReadyNode(Node.of("node" + number, List.of(at)), at, "pi", 1);
    }

    private LaunchRequest request(List<ReadyNode> nodes, String... command) throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of(command), OptionalInt.empty(), Map.of(), false),
                nodes,
                state.resolveSibling("nodes.txt"),
                List.of(),
                new RemoteShell(List.of(folder.resolve("shell").toString())),
                Settings.of(new OpenMpiLauncher().settings(), Map.of("mpirun", mpirun.toString())),
                state,
                new OwnProcesses(System.getenv("PATH"), Duration.ofSeconds(5)),
                true);
    }

    private Path program(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }
}
