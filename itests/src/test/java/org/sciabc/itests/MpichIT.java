// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The main job with {@code --launcher mpich}: the same verbs and options as ever, and another MPI. The manager has both
 * families of MPI and their compilers, the nodes have neither MPI before they are made ready. The acts of one story, so
 * that their order matters.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MpichIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(5);
    private static final String EXAMPLES = ManagerContainer.DISTRIBUTION + "/examples/";
    private static final String WHO = "echo rank $PMI_RANK of $PMI_SIZE on $(hostname) as $(id -un)";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootAManagerAndTwoMachines() {
        lab = Lab.of(MachineImage.TOOLS, MachineImage.BARE_MPICH, MachineImage.BARE_MPICH);
        lab.nodes().subList(1, 3).forEach(NodeContainer::announceAs2016);
    }

    @Test
    @Order(1)
    void anotherPackageIsProvisionedAndTheJobRunsOnIt() {
        Result result = lab.node(1)
                .run(manager(
                                "up",
                                "--launcher",
                                "mpich",
                                "--user",
                                "pi",
                                "--expect",
                                "2",
                                "--accept-new-host-keys",
                                "--yes",
                                "--password-file",
                                "-",
                                "--slots",
                                "2",
                                "--",
                                "sh",
                                "-c",
                                WHO)
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();

        assertThat(result.stderr()).contains("install mpich").doesNotContain("openmpi");
        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder(
                        "rank 0 of 4 on node2 as pi",
                        "rank 1 of 4 on node2 as pi",
                        "rank 2 of 4 on node3 as pi",
                        "rank 3 of 4 on node3 as pi");
    }

    @Test
    @Order(2)
    void theHostfileIsHydras() {
        assertThat(launch("--slots", "2", "--dry-run", "--", "hostname")
                        .succeeded()
                        .stdout())
                .isEqualTo(lab.node(2).address() + ":2 user=pi\n" + lab.node(3).address() + ":2 user=pi\n");
    }

    @ParameterizedTest
    @Order(3)
    @CsvSource({"exit 3, 3", "exit 9, 9", "kill -9 $$, 137", "kill -SEGV $$, 139"})
    void exitStatusAndSignalOfTheJobComeBackAndItsOutputIsItsOwn(String end, int status) {
        Result result = launch("--slots", "1", "--", "sh", "-c", "echo data; sleep 3; [ $PMI_RANK = 0 ] || " + end);

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(status);
        assertThat(result.stdout()).isEqualTo("data\ndata\n");
        if (end.startsWith("kill")) {
            // Which signal it was is said, too, unless another proxy notices the end first.
            assertThat(result.stderr()).contains("BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES");
        }
    }

    @Test
    @Order(4)
    void wordsReachTheProgramAsTheyAre() {
        assertThat(launch("-n", "1", "--", "printf", "%s|", "a b", "--yes", "'", "$HOME", "*", "é")
                        .succeeded()
                        .stdout())
                .isEqualTo("a b|--yes|'|$HOME|*|é|");
    }

    @Test
    @Order(5)
    void inputGoesToTheFirstProcessAndEndsForTheOthers() {
        Result result = lab.node(1)
                .run(manager(words("--slots", "1", "--", "sh", "-c", "cat; echo rank $PMI_RANK is through"))
                        .reading("hello\n"))
                .succeeded();

        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder("hello", "rank 0 is through", "rank 1 is through");
    }

    /** Of Hydra itself, more than 64 KB is the end of a job that does not read at once. */
    @ParameterizedTest
    @Order(5)
    @ValueSource(strings = {"", "--tag"})
    void inputIsWholeHoweverLateItIsRead(String option) {
        String counting = "sh -c 'sleep 1; wc -c; echo call $SCIABC_CALL'";
        Result result = inFolder("mpich", option + " --slots 1 -- " + counting + " </bin/bash")
                .succeeded();

        String length = lab.node(1).sh("wc -c </bin/bash").strip();
        assertThat(result.stdout().lines().map(line -> line.replaceFirst("^\\[\\d node\\d] ", "")))
                .containsExactlyInAnyOrder(length, "0", "call", "call");
    }

    @Test
    @Order(5)
    void aSignalIsTheStatusThoughThereIsInput() {
        inFolder("mpich", "--slots 1 -- sh -c 'kill -SEGV $$' </bin/bash").endedWith(139);
    }

    @Test
    @Order(5)
    void inputNeedNotBeRead() {
        inFolder("mpich", "--slots 1 -- true </bin/bash").succeeded();
    }

    @ParameterizedTest
    @Order(6)
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalEndsEveryProcessOfTheJobOnEveryNode(String signal, int status) {
        try (RunningCommand job =
                lab.node(1).start(manager(words("--slots", "1", "--", "sh", "-c", "echo begun; sleep 4321")))) {
            Jobs.awaitAll(job, 2);
            job.signal(signal);
            assertThat(job.await().exitStatus()).isEqualTo(status);
        }
        Jobs.assertNothingIsLeft(workers(), "sleep 4321");
    }

    @Test
    @Order(7)
    void eachLineSaysWhichRankAndNodeWroteIt() {
        Result result = launch(
                        "--tag",
                        "--slots",
                        "1",
                        "--",
                        "sh",
                        "-c",
                        "printf 'one '; sleep 0.2; printf 'line\\nand another'; echo wrong >&2")
                .succeeded();

        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder(
                        "[0 node2] one line", "[0 node2] and another", "[1 node3] one line", "[1 node3] and another");
        assertThat(result.stderr().lines()).contains("[0 node2] wrong", "[1 node3] wrong");
    }

    @Test
    @Order(8)
    void aHundredMegabytesArriveUnchanged() {
        String summed = "head -c 100000000 /dev/zero | sha256sum";

        assertThat(inFolder("mpich", "-n 1 -- " + summed).succeeded().stdout())
                .isEqualTo(lab.node(1).sh(summed));
    }

    @Test
    @Order(9)
    void realProgramsReachEachOtherAlthoughEveryNodeHasTheSameBridge() {
        lab.nodes()
                .forEach(node -> node.sh("ip link add docker0 type bridge && ip addr add 172.17.0.1/16 dev docker0"
                        + " && ip link set docker0 up"));

        assertThat(launch("--build", "--slots", "1", "--", EXAMPLES + "hello.c")
                        .succeeded()
                        .stdout()
                        .lines())
                .contains("hello from rank 0 of 2 on node2", "hello from rank 1 of 2 on node3");
        assertThat(launch("--build", "--slots", "1", "--", EXAMPLES + "ring.c")
                        .succeeded()
                        .stdout())
                .contains("ranks     = 2");
    }

    @Test
    @Order(10)
    void aProgramOfTheOtherFamilyIsRefusedByBoth() {
        compile("mpicc.openmpi");
        Result foreign = inFolder("mpich", "-- ./hello");

        assertThat(foreign.exitStatus()).as(foreign.toString()).isEqualTo(75);
        assertThat(foreign.stdout()).isEmpty();
        assertThat(foreign.stderr()).contains("the program is built for Open MPI", "libmpi.so.40", "rank 0 of 1");

        compile("mpicc.mpich");
        Result refused = inFolder("openmpi", "-- ./hello");

        assertThat(refused.exitStatus()).as(refused.toString()).isEqualTo(75);
        assertThat(refused.stderr()).contains("the program is built for MPICH", "libmpich.so.12", "rank 0 of 1");
    }

    @Test
    @Order(11)
    void aProgramInPythonIsRefusedWhereThereIsNoMpi4py() {
        Result result = launch("--slots", "1", "--", EXAMPLES + "hello.py");

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(75);
        assertThat(result.stderr()).contains("mpi4py is missing on node[2-3]", "--set mpich.python=true");
    }

    @Test
    @Order(12)
    void aManagerWithoutMpiexecIsToldWhatToDo() {
        Result checked = launch("--set", "mpich.mpiexec=/nowhere/mpiexec", "--", "hostname");
        Result unchecked = launch("--set", "mpich.mpiexec=/nowhere/mpiexec", "--no-check", "--", "hostname");

        assertThat(checked.exitStatus()).as(checked.toString()).isEqualTo(75);
        assertThat(checked.stderr())
                .contains("no '/nowhere/mpiexec' on this machine", "mpich.mpiexec=/usr/bin/mpiexec.hydra");
        assertThat(unchecked.exitStatus()).isEqualTo(69);
        assertThat(unchecked.stderr()).contains("cannot start '/nowhere/mpiexec'", "the package is mpich on Debian");
    }

    @Test
    @Order(13)
    void aJobThatTakesTooLongIsEnded() {
        assertThat(launch("--timeout", "2s", "--", "sleep", "4322").exitStatus())
                .isEqualTo(124);
        Jobs.assertNothingIsLeft(workers(), "sleep 4322");
    }

    @Test
    @Order(14)
    void aNodeThatDiesUnderAJobIsNamedAndTheOthersAreLeftClean() {
        try (RunningCommand job =
                lab.node(1).start(manager(words("--slots", "1", "--", "sh", "-c", "echo begun; sleep 4323")))) {
            Jobs.awaitAll(job, 2);
            workers().forEach(Jobs::awaitProbe);
            lab.node(3).cutPower();

            Result result = job.await();

            assertThat(result.exitStatus()).as(result.toString()).isEqualTo(69);
            assertThat(result.stdout()).isEqualTo("begun\nbegun\n");
            assertThat(result.stderr()).matches(Jobs.died("node3")).doesNotContain("HYD", "BAD TERMINATION");
        } finally {
            lab.node(3).restorePower();
        }
        Jobs.assertNothingIsLeft(workers(), "sleep 4323");
    }

    private static List<NodeContainer> workers() {
        return lab.nodes().subList(1, 3);
    }

    /** The manager has both compilers; what they make is brought to the nodes. */
    private static void compile(String compiler) {
        lab.node(1)
                .sh("mkdir -p /tmp/work && cd /tmp/work && " + compiler + " -O2 -o hello " + EXAMPLES
                        + "hello.c && chmod -R a+rX /tmp/work");
    }

    private static Result inFolder(String launcher, String rest) {
        return lab.node(1)
                .run(Command.script("mkdir -p /tmp/work && cd /tmp/work && " + ManagerContainer.DISTRIBUTION
                                + "/bin/sciabc launch --user pi --known --launcher " + launcher + " " + rest)
                        .as(ManagerContainer.USER));
    }

    private static Result launch(String... arguments) {
        return lab.node(1).run(manager(words(arguments)));
    }

    private static String[] words(String... arguments) {
        List<String> words = new ArrayList<>(List.of("launch", "--launcher", "mpich", "--user", "pi", "--known"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    private static Command manager(String... arguments) {
        List<String> words = new ArrayList<>(List.of(ManagerContainer.DISTRIBUTION + "/bin/sciabc"));
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new)).as(ManagerContainer.USER);
    }
}
