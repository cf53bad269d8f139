// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.launch.Preflight.Place;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;

/**
 * Checks with a remote shell that is a script: the "nodes" are folders of this machine, with programs of their own.
 * {@code sh} is what it is given to run, and it runs it.
 */
class PreflightTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    private Path shell;

    @BeforeEach
    void makeARemoteShell() throws IOException {
        shell = program("shell", """
                #!/bin/sh
                # ADDRESS COMMAND: each node has a folder with what its commands are, and they begin there.
                [ -d "%1$s/$1" ] || { echo "ssh: connect to host $1 port 22: No route to host" >&2; exit 255; }
                cd "%1$s/$1" && HOME=$PWD PATH="$PWD/bin:$PATH" exec sh -c "$2"
                """.formatted(folder));
        for (String node : List.of("127.9.0.1", "127.9.0.2", "127.9.0.3")) {
            Files.createDirectories(folder.resolve(node).resolve("bin"));
        }
    }

    @Test
    void nothingIsFoundWhereAllIsWell() throws Exception {
        Preflight.Result result = check(List.of("sh", "-c", "true"));

        assertThat(result.findings()).filteredOn(this::stops).isEmpty();
        assertThat(result.absences()).isEmpty();
        assertThat(result.nodes()).hasSize(3);
        assertThat(result.groups()).hasSize(1);
    }

    @Test
    void aDeadNodeIsNamedWithTheReason() throws Exception {
        Files.delete(folder.resolve("127.9.0.2/bin"));
        Files.delete(folder.resolve("127.9.0.2"));

        assertThat(check(List.of("sh")).findings())
                .filteredOn(this::stops)
                .extracting(Finding::what, PreflightTest::names, Finding::evidence)
                .containsExactly(tuple("no answer", "node2", "No route to host"));
    }

    @Test
    void aProgramThatIsOnSomeNodesOnlyIsAbsentThere() throws Exception {
        onNode(1, "own program", "#!/bin/sh\necho\n");
        onNode(3, "own program", "#!/bin/sh\necho\n");
        Preflight.Result result = check(List.of("./own program"));

        assertThat(result.absences())
                .extracting(Finding::what, PreflightTest::names, Finding::evidence)
                .containsExactly(tuple("'./own program' is missing", "node2", "it is on node[1,3]"));
        assertThat(result.places()).containsExactly(List.of(Place.UNCOMPARED, Place.ABSENT, Place.UNCOMPARED));
    }

    @Test
    void aProgramThatIsNowhereIsSaidOnce() throws Exception {
        assertThat(check(List.of("./it's gone")).absences())
                .extracting(Finding::what, PreflightTest::names)
                .containsExactly(tuple("there is no program './it's gone'", ""));
    }

    @Test
    void differentContentsAreShownWithTheirChecksums() throws Exception {
        onNode(1, "pi", "#!/bin/sh\necho 1\n");
        onNode(2, "pi", "#!/bin/sh\necho 2\n");
        onNode(3, "pi", "#!/bin/sh\necho 1\n");

        assertThat(check(List.of("./pi")).findings())
                .filteredOn(this::stops)
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.evidence()).matches("checksums node\\[1,3] \\w{8}, node2 \\w{8}"));
    }

    @Test
    void aBinaryForAnotherMachineIsRefused() throws Exception {
        for (int node = 1; node <= 3; node++) {
            onNode(node, "pi", "");
            // An ELF header for MIPS, which no test runs on.
            Files.write(
                    folder.resolve("127.9.0." + node + "/pi"),
                    HexFormat.of().parseHex("7f454c4602010100000000000000000002000800"));
        }

        assertThat(check(List.of("./pi")).findings())
                .filteredOn(this::stops)
                .extracting(Finding::what, PreflightTest::names)
                .contains(tuple("'./pi' cannot run", "node[1-3]"));
    }

    @Test
    void aProgramThatMayNotBeExecutedIsRefused() throws Exception {
        for (int node = 1; node <= 3; node++) {
            onNode(node, "pi", "#!/bin/sh\n");
        }
        Files.setPosixFilePermissions(folder.resolve("127.9.0.2/pi"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(check(List.of("./pi")).findings())
                .filteredOn(this::stops)
                .extracting(Finding::what, PreflightTest::names)
                .containsExactly(tuple("'./pi' is not executable", "node2"));
    }

    @Test
    void theScriptOfAnInterpreterIsLookedForToo() throws Exception {
        onNode(1, "python3", "#!/bin/sh\n");
        onNode(1, "job.py", "print()\n");

        assertThat(check(List.of("python3", "job.py", "4")).absences())
                .extracting(Finding::what, PreflightTest::names)
                .contains(tuple("'./job.py' is missing", "node[2-3]"));
    }

    @Test
    void whoBringsAScriptDoesNotBringItsInterpreter() throws Exception {
        onNode(1, "bin/python9", "#!/bin/sh\n");
        onNode(3, "bin/python9", "#!/bin/sh\n");
        Preflight.Result result = check(List.of("python9", "job.py"));

        assertThat(result.findings())
                .filteredOn(this::stops)
                .extracting(Finding::what, PreflightTest::names)
                .contains(tuple("'python9' is missing", "node2"));
        assertThat(result.absences()).extracting(Finding::what).noneMatch(what -> what.contains("python9"));
    }

    @Test
    void launchersAreToldWhetherTheInterpreterHasMpi4py() throws Exception {
        pythons();
        onNode(1, "job.py", "from mpi4py import MPI\n");
        CheckRequest told = told(List.of("python9", "job.py"));

        assertThat(told.answers())
                .extracting(answers -> answers.get(CheckRequest.MPI4PY))
                .containsExactly(folder.resolve("module.so").toString(), "", "");
        assertThat(folder.resolve("asked")).exists();
    }

    @Test
    void wordsOfTheCommandTellAsWell() throws Exception {
        pythons();

        assertThat(told(List.of("python9", "-m", "mpi4py.bench", "helloworld")).answers())
                .extracting(answers -> answers.get(CheckRequest.MPI4PY))
                .containsExactly(folder.resolve("module.so").toString(), "", "");
    }

    @Test
    void aProgramWithoutMpi4pyIsNotAskedForIt() throws Exception {
        pythons();
        for (int node = 1; node <= 3; node++) {
            onNode(node, "job.py", "print()\n");
        }

        assertThat(told(List.of("python9", "job.py", "mpi4py")).answers())
                .noneMatch(answers -> answers.containsKey(CheckRequest.MPI4PY));
        assertThat(folder.resolve("asked")).doesNotExist();
        assertThat(told(List.of("sh", "-c", "echo mpi4py")).answers())
                .noneMatch(answers -> answers.containsKey(CheckRequest.MPI4PY));
    }

    @Test
    void whatWasBroughtForTheJobIsNotCompared() throws Exception {
        onNode(1, "pi", "#!/bin/sh\necho 1\n");
        onNode(2, "pi", "#!/bin/sh\necho 2\n");
        onNode(3, "pi", "#!/bin/sh\necho 1\n");
        // Each node sees its own file at the path that they share.
        String own = folder.resolve("own").toString();
        program("shell", """
                #!/bin/sh
                ln -sfn "%1$s/$1" "%2$s.$1" && cd "%1$s/$1" && sed "s|%2$s/|%2$s.$1/|g" | sh -c "$2"
                """.formatted(folder, own));
        LaunchRequest plain = request(List.of(own + "/pi"));

        assertThat(run(plain).findings())
                .extracting(Finding::what)
                .anyMatch(what -> what.endsWith("has different contents"));
        assertThat(run(with(plain, plain.job().in(own, plain.job().command()))).findings())
                .filteredOn(this::stops)
                .isEmpty();
    }

    @Test
    void nodesOfDifferentBuildsStopTheJobAndAreShown() throws Exception {
        build(1, "4.1.4");
        build(2, "5.0.7");
        build(3, "4.1.4");
        Preflight.Result result = check(List.of("sh"));

        assertThat(result.findings())
                .filteredOn(this::stops)
                .extracting(Finding::what)
                .containsExactly("the nodes do not fit together");
        assertThat(result.groups()).hasSize(2);
        assertThat(result.groups().get(0)).startsWith("node[1,3]: 4.1.4, ").endsWith("; up to 4 processes");
        assertThat(result.groups().get(1)).startsWith("node2: 5.0.7, ");
    }

    @Test
    void theLargestGroupIsUsedWhereThatIsWanted() throws Exception {
        build(1, "4.1.4");
        build(2, "5.0.7");
        build(3, "4.1.4");
        Preflight.Result result = preflight().run(request(List.of("sh")), new Preflight.Wanted(true, List.of()));

        assertThat(result.findings()).filteredOn(this::stops).isEmpty();
        assertThat(result.nodes()).extracting(node -> node.node().name()).containsExactly("node1", "node3");
    }

    @Test
    void aSecondJobAsksOnlyWhatCanHaveChanged() throws Exception {
        countTheAsked();
        Preflight.Result first = check(List.of("sh"));
        Preflight.Result second = check(List.of("sh"));

        assertThat(asked()).isEqualTo(3);
        assertThat(second.groups()).isEqualTo(first.groups()).isNotEmpty();
        assertThat(second.places()).isEqualTo(first.places());
        assertThat(second.networks()).isEqualTo(first.networks());
    }

    @Test
    void aColdJobNeitherReadsNorWritesWhatIsRemembered() throws Exception {
        countTheAsked();
        run(cold(request(List.of("sh"))));
        check(List.of("sh"));
        run(cold(request(List.of("sh"))));

        assertThat(asked()).isEqualTo(9);
    }

    /** Each node notes when it is asked what kind of machine it is, and says it as this one does. */
    private void countTheAsked() throws IOException {
        String uname = """
                #!/bin/sh
                echo >>'%s'
                exec /bin/uname "$@"
                """.formatted(folder.resolve("asked"));
        for (int node = 1; node <= 3; node++) {
            onNode(node, "bin/uname", uname);
        }
    }

    private int asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked")).size();
    }

    private static LaunchRequest cold(LaunchRequest request) {
        return new LaunchRequest(
                request.job(),
                request.nodes(),
                request.hostfile(),
                request.networks(),
                request.remoteShell(),
                request.settings(),
                request.stateFolder(),
                request.processes(),
                true);
    }

    @Test
    void whatALoginShellPrintsIsNotAnAnswer() throws Exception {
        program("shell", "#!/bin/sh\necho Welcome; echo '@@sciabc'\nexec sh -c \"$2\"\n");

        assertThat(check(List.of("sh")).findings()).filteredOn(this::stops).isEmpty();
    }

    @Test
    void anErrorInOneProbeLeavesTheOthersAlone() {
        String script = PreflightScript.of(List.of(new Probe("a", "echo 'it"), new Probe("b", "echo fine; exit 3")));

        assertThat(PreflightScript.answers(run(script)).orElseThrow())
                .containsEntry("a", "")
                .containsEntry("b", "fine");
    }

    @Test
    void aScriptThatWasCutOffIsNoAnswer() {
        assertThat(PreflightScript.answers("\n@@sciabc a@@\nyes\n")).isEmpty();
    }

    @Test
    void aClockIsWrongOnlyWhereItCannotBeRight() {
        Instant begin = Instant.ofEpochSecond(1_000);
        Instant end = Instant.ofEpochSecond(1_003);

        assertThat(offset("clock 1001.5", begin, end)).isZero();
        assertThat(offset("clock 1063.0", begin, end)).isEqualTo(Duration.ofSeconds(60));
        assertThat(offset("clock 900.2", begin, end)).isEqualTo(Duration.ofSeconds(-99));
        assertThat(offset("clock 99999999999999.N", begin, end)).isZero();
    }

    @Test
    void a64BitMachineRunsItsPredecessorsPrograms() {
        assertThat(ElfHead.runsOn("arm", "aarch64")).isTrue();
        assertThat(ElfHead.runsOn("i386", "x86_64")).isTrue();
        assertThat(ElfHead.runsOn("x86_64", "aarch64")).isFalse();
        assertThat(ElfHead.runsOn("aarch64", "armv7l")).isFalse();
    }

    /** The first node has mpi4py, the second has none, the third no interpreter. */
    private void pythons() throws IOException {
        program("module.so", "");
        onNode(
                1,
                "bin/python9",
                "#!/bin/sh\n: >'" + folder.resolve("asked") + "'\necho '" + folder.resolve("module.so") + "'\n");
        onNode(2, "bin/python9", "#!/bin/sh\nexit 1\n");
    }

    private CheckRequest told(List<String> command) throws Exception {
        VersionLauncher launcher = new VersionLauncher();
        new Preflight(launcher, folder.resolve("nowhere"), CLOCK, KeptConnections.NONE)
                .run(request(command), new Preflight.Wanted(false, List.of()));
        return launcher.lastAsked();
    }

    private Preflight.Result run(LaunchRequest request) throws Exception {
        return preflight().run(request, new Preflight.Wanted(false, List.of()));
    }

    private static LaunchRequest with(LaunchRequest request, LaunchRequest.Job job) {
        return new LaunchRequest(
                job,
                request.nodes(),
                request.hostfile(),
                request.networks(),
                request.remoteShell(),
                request.settings(),
                request.stateFolder(),
                request.processes());
    }

    private static Duration offset(String text, Instant begin, Instant end) {
        return MachineReport.of(new Answered(Map.of(PreflightProbes.MACHINE, text), Optional.empty(), begin, end), 0)
                .clockOffset();
    }

    private static String run(String script) {
        try {
            Process sh = new ProcessBuilder("sh").start();
            try (OutputStream in = sh.getOutputStream()) {
                in.write(script.getBytes(StandardCharsets.UTF_8));
            }
            return new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private boolean stops(Finding finding) {
        return finding.severity() == Severity.STOP;
    }

    private static String names(Finding finding) {
        return Unreachable.names(finding.nodes());
    }

    private Preflight.Result check(List<String> command) throws Exception {
        return preflight().run(request(command), new Preflight.Wanted(false, List.of()));
    }

    private Preflight preflight() {
        return new Preflight(new VersionLauncher(), folder.resolve("nowhere"), CLOCK, KeptConnections.NONE);
    }

    private LaunchRequest request(List<String> command) throws Exception {
        List<ReadyNode> nodes = Stream.of(1, 2, 3).map(PreflightTest::node).toList();
        return new LaunchRequest(
                new LaunchRequest.Job(command, OptionalInt.empty(), Map.of(), false),
                nodes,
                folder.resolve("nodes.txt"),
                List.of(Subnet.parse("127.9.0.0/24").orElseThrow()),
                new RemoteShell(List.of(shell.toString())),
                Settings.defaults(List.of()),
                folder,
                new OwnProcesses(System.getenv("PATH"), Duration.ofSeconds(2)));
    }

    private static ReadyNode node(int number) {
        var address = Subnet.parse("127.9.0." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 2);
    }

    private void build(int node, String version) throws IOException {
        onNode(node, "version", version + "\n");
    }

    private void onNode(int node, String name, String content) throws IOException {
        program("127.9.0." + node + "/" + name, content);
    }

    private Path program(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
