// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.launch.Preflight.Place;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.LaunchRequest;

/** Whether the program of a job is on the nodes, is the same there, and can run. */
class PreflightProgramTest {
    @TempDir
    private Path folder;

    private FolderNodes nodes;

    @BeforeEach
    void makeNodes() throws IOException {
        nodes = FolderNodes.in(folder);
    }

    @Test
    void aProgramThatIsOnSomeNodesOnlyIsAbsentThere() throws Exception {
        nodes.put(1, "own program", "#!/bin/sh\necho\n");
        nodes.put(3, "own program", "#!/bin/sh\necho\n");
        Preflight.Result result = nodes.check(List.of("./own program"));

        assertThat(result.absences())
                .extracting(Finding::what, FolderNodes::names, Finding::evidence)
                .containsExactly(tuple("'./own program' is missing", "node2", "it is on node[1,3]"));
        assertThat(result.places()).containsExactly(List.of(Place.UNCOMPARED, Place.ABSENT, Place.UNCOMPARED));
    }

    @Test
    void aProgramThatIsNowhereIsSaidOnce() throws Exception {
        assertThat(nodes.check(List.of("./it's gone")).absences())
                .extracting(Finding::what, FolderNodes::names)
                .containsExactly(tuple("there is no program './it's gone'", ""));
    }

    @Test
    void differentContentsAreShownWithTheirChecksums() throws Exception {
        nodes.put(1, "pi", "#!/bin/sh\necho 1\n");
        nodes.put(2, "pi", "#!/bin/sh\necho 2\n");
        nodes.put(3, "pi", "#!/bin/sh\necho 1\n");

        assertThat(nodes.check(List.of("./pi")).findings())
                .filteredOn(FolderNodes::stops)
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.evidence()).matches("checksums node\\[1,3] \\w{8}, node2 \\w{8}"));
    }

    @Test
    void aBinaryForAnotherMachineIsRefused() throws Exception {
        for (int node = 1; node <= 3; node++) {
            nodes.put(node, "pi", "");
            // An ELF header for MIPS, which no test runs on.
            Files.write(
                    nodes.of(node).resolve("pi"), HexFormat.of().parseHex("7f454c4602010100000000000000000002000800"));
        }

        assertThat(nodes.check(List.of("./pi")).findings())
                .filteredOn(FolderNodes::stops)
                .extracting(Finding::what, FolderNodes::names)
                .contains(tuple("'./pi' cannot run", "node[1-3]"));
    }

    @Test
    void aProgramThatMayNotBeExecutedIsRefused() throws Exception {
        nodes.putEverywhere("pi", "#!/bin/sh\n");
        Files.setPosixFilePermissions(nodes.of(2).resolve("pi"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(nodes.check(List.of("./pi")).findings())
                .filteredOn(FolderNodes::stops)
                .extracting(Finding::what, FolderNodes::names)
                .containsExactly(tuple("'./pi' is not executable", "node2"));
    }

    @Test
    void theScriptOfAnInterpreterIsLookedForToo() throws Exception {
        nodes.put(1, "python3", "#!/bin/sh\n");
        nodes.put(1, "job.py", "print()\n");

        assertThat(nodes.check(List.of("python3", "job.py", "4")).absences())
                .extracting(Finding::what, FolderNodes::names)
                .contains(tuple("'./job.py' is missing", "node[2-3]"));
    }

    @Test
    void whoBringsAScriptDoesNotBringItsInterpreter() throws Exception {
        nodes.put(1, "bin/python9", "#!/bin/sh\n");
        nodes.put(3, "bin/python9", "#!/bin/sh\n");
        Preflight.Result result = nodes.check(List.of("python9", "job.py"));

        assertThat(result.findings())
                .filteredOn(FolderNodes::stops)
                .extracting(Finding::what, FolderNodes::names)
                .contains(tuple("'python9' is missing", "node2"));
        assertThat(result.absences()).extracting(Finding::what).noneMatch(what -> what.contains("python9"));
    }

    @Test
    void launchersAreToldWhetherTheInterpreterHasMpi4py() throws Exception {
        pythons();
        nodes.put(1, "job.py", "from mpi4py import MPI\n");
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
        nodes.putEverywhere("job.py", "print()\n");

        assertThat(told(List.of("python9", "job.py", "mpi4py")).answers())
                .noneMatch(answers -> answers.containsKey(CheckRequest.MPI4PY));
        assertThat(folder.resolve("asked")).doesNotExist();
        assertThat(told(List.of("sh", "-c", "echo mpi4py")).answers())
                .noneMatch(answers -> answers.containsKey(CheckRequest.MPI4PY));
    }

    @Test
    void whatWasBroughtForTheJobIsNotCompared() throws Exception {
        nodes.put(1, "pi", "#!/bin/sh\necho 1\n");
        nodes.put(2, "pi", "#!/bin/sh\necho 2\n");
        nodes.put(3, "pi", "#!/bin/sh\necho 1\n");
        // Each node sees its own file at the path that they share.
        String own = folder.resolve("own").toString();
        nodes.program("shell", """
                #!/bin/sh
                ln -sfn "%1$s/$1" "%2$s.$1" && cd "%1$s/$1" && sed "s|%2$s/|%2$s.$1/|g" | sh -c "$2"
                """.formatted(folder, own));
        LaunchRequest plain = nodes.request(List.of(own + "/pi"));

        assertThat(nodes.check(plain).findings())
                .extracting(Finding::what)
                .anyMatch(what -> what.endsWith("has different contents"));
        assertThat(nodes.check(plain.withJob(plain.job().in(own, plain.job().command())))
                        .findings())
                .filteredOn(FolderNodes::stops)
                .isEmpty();
    }

    /** The first node has mpi4py, the second has none, the third no interpreter. */
    private void pythons() throws IOException {
        nodes.program("module.so", "");
        nodes.put(
                1,
                "bin/python9",
                "#!/bin/sh\n: >'" + folder.resolve("asked") + "'\necho '" + folder.resolve("module.so") + "'\n");
        nodes.put(2, "bin/python9", "#!/bin/sh\nexit 1\n");
    }

    private CheckRequest told(List<String> command) throws Exception {
        VersionLauncher launcher = new VersionLauncher();
        nodes.preflight(launcher)
                .run(nodes.request(command), new Preflight.Wanted(false, List.of()), EarlierAnswers.NONE, () -> {});
        return launcher.lastAsked();
    }
}
