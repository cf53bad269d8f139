// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;
import org.sciabc.testkit.RecordingProcesses;
import org.sciabc.testkit.RecordingStreams;

class MpichLauncherTest {
    private final MpichLauncher launcher = new MpichLauncher();

    @Test
    void theHostfileNamesTheUserOnlyWhereItDiffers() {
        String text = launcher.hostfile(
                new HostfileRequest(List.of(node("10.0.3.1", "pi", 4), node("10.0.3.2", "alice", 1)), "alice"));

        assertThat(text).isEqualTo("10.0.3.1:4 user=pi\n10.0.3.2:1\n");
    }

    @Test
    void hydraIsToldTheShellItsArgumentsAndNoFolderThatMayBeMissing() throws Exception {
        RecordingProcesses processes = RecordingProcesses.ending();
        launcher.launch(
                request(processes, Map.of(), node("10.0.3.1", "pi", 4), node("10.0.3.2", "pi", 2)),
                RecordingStreams.withoutInput().streams());

        assertThat(processes.started().get(1).command())
                .containsSequence("mpiexec.hydra", "-launcher", "ssh", "-launcher-exec", "/usr/bin/ssh", "-f")
                .containsSubsequence("-wdir", "/", "-genvnone", "-n", "6", "sh", "-c")
                .endsWith("./pi", "a b");
        assertThat(processes.started().get(1).environment())
                .containsEntry("HYDRA_LAUNCHER_EXTRA_ARGS", "-F /state/ssh_config");
    }

    @Test
    void onlyVariablesOfTheJobReachTheNodes() throws Exception {
        RecordingProcesses processes = RecordingProcesses.ending();
        launcher.launch(
                request(processes, Map.of("B", "2", "A", "1"), node("10.0.3.1", "pi", 1)),
                RecordingStreams.withoutInput().streams());

        assertThat(processes.started().get(1).command())
                .containsSubsequence("-genvlist", "A,B")
                .doesNotContain("-genvnone");
        assertThat(processes.started().get(1).environment())
                .containsEntry("A", "1")
                .containsEntry("B", "2");
    }

    @Test
    void aNodeThatHasNoIpv4AddressIsRefusedByName() {
        assertThatThrownBy(() -> launcher.launch(
                        request(RecordingProcesses.ending(), Map.of(), node("fd00::7", "pi", 1)),
                        RecordingStreams.withoutInput().streams()))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("MPICH cannot reach node7");
    }

    @Test
    void aProgramForOpenMpiIsStoppedByTheHostsListOfItsLibraries() throws Exception {
        List<Finding> findings = check(
                Map.of(CheckRequest.LIBRARIES, "\tlibmpi.so.40 => /lib/x86_64-linux-gnu/libmpi.so.40 (0x7f)\n"),
                Map.of(CheckRequest.LIBRARIES, "\tlibmpich.so.12 => /lib/x86_64-linux-gnu/libmpich.so.12 (0x7f)\n"));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.STOP);
            assertThat(finding.nodes()).extracting(node -> node.node().name()).containsExactly("node1");
            assertThat(finding.evidence()).contains("libmpi.so.40", "rank 0 of 1");
        });
    }

    @Test
    void mpichUnderItsNameElsewhereIsNoStranger() throws Exception {
        assertThat(check(
                        Map.of(CheckRequest.LIBRARIES, "\tlibmpi.so.12 => /usr/lib64/mpich/lib/libmpi.so.12 (0x7f)\n"),
                        Map.of()))
                .isEmpty();
    }

    @Test
    void missingIsNamedAndVersionsAreToldApart() throws Exception {
        assertThat(check(Map.of("mpich.build", "missing\n"), Map.of("mpich.build", "version 4.0.2\n")))
                .extracting(Finding::what)
                .containsExactly("MPICH is missing");
        assertThat(launcher.build(Map.of("mpich.build", "version 4.2.1\nfolder /usr/bin\n")))
                .isEqualTo("MPICH 4.2.1 in /usr/bin");
        assertThat(launcher.build(Map.of("mpich.build", "missing\n"))).isEmpty();
    }

    @Test
    void aManagerWithoutMpiexecIsToldWhatToInstallOrWhereItIs() throws Exception {
        assertThat(checkHere("missing\n").hint()).contains("the package is mpich on Debian");
        assertThat(checkHere("version 4.1.2\nfolder /usr/lib64/mpich/bin\n").hint())
                .contains("--set mpich.mpiexec=/usr/lib64/mpich/bin/mpiexec.hydra");
        assertThat(checkHere("starter\nfolder /usr/bin\n").what()).contains("is not MPICH's");
    }

    @Test
    void whatToTypeByHandHasTheShellAndItsArguments() {
        assertThat(launcher.byHand(
                        new RemoteShell(List.of("/usr/bin/ssh", "-F", "/state/ssh_config")), Path.of("/tmp/a b")))
                .contains("HYDRA_LAUNCHER_EXTRA_ARGS='-F /state/ssh_config' mpiexec.hydra -launcher ssh -launcher-exec"
                        + " /usr/bin/ssh -f '/tmp/a b'");
    }

    @Test
    void pythonsPackageIsWantedOnlyWhereItIsMadeForMpich() throws Exception {
        assertThat(launcher.requirements(requirements(Map.of()))).hasSize(1);
        assertThat(launcher.requirements(requirements(Map.of("python", "true"))))
                .last()
                .isInstanceOfSatisfying(
                        Requirement.Packages.class,
                        packages -> assertThat(packages.names()).containsOnlyKeys(PackageManager.DNF));
    }

    @Test
    void compilersComeOnlyWhereTheyAreWanted() throws Exception {
        assertThat(launcher.requirements(requirements(Map.of("compilers", "c"))))
                .last()
                .isInstanceOfSatisfying(
                        Requirement.Packages.class,
                        packages -> assertThat(packages.names().get(PackageManager.APT))
                                .containsExactly("gcc", "libc6-dev", "libmpich-dev"));
        assertThatThrownBy(() -> launcher.requirements(requirements(Map.of("compilers", "cobol"))))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("mpich.compilers cannot be 'cobol'");
    }

    @Test
    void mpi4pyThatIsMissingOrForOpenMpiIsNamed() throws Exception {
        List<Finding> findings = check(
                Map.of(CheckRequest.MPI4PY, ""),
                Map.of(
                        CheckRequest.MPI4PY,
                        "/usr/lib/python3/dist-packages/mpi4py/MPI.so",
                        CheckRequest.LIBRARIES,
                        "\tlibmpi.so.40 => /lib/libmpi.so.40"));

        assertThat(findings)
                .extracting(
                        Finding::what, finding -> finding.nodes().get(0).node().name())
                .containsExactly(tuple("mpi4py is missing", "node1"), tuple("mpi4py is built for Open MPI", "node2"));
        assertThat(findings.get(1).evidence()).startsWith("/usr/lib/python3/dist-packages/mpi4py/MPI.so is linked");
    }

    private RequirementsRequest requirements(Map<String, String> settings) throws Exception {
        return new RequirementsRequest("default", Settings.of(launcher.settings(), settings), Path.of("/state"));
    }

    private List<Finding> check(Map<String, String> first, Map<String, String> second) throws Exception {
        return launcher.check(new CheckRequest(
                request(RecordingProcesses.ending(), Map.of(), node("10.0.3.1", "pi", 1), node("10.0.3.2", "pi", 1)),
                List.of(first, second)));
    }

    private Finding checkHere(String answer) throws Exception {
        LaunchRequest request = request(RecordingProcesses.ending(), Map.of(), node("10.0.3.1", "pi", 1));
        return launcher.check(new CheckRequest(request, List.of(Map.of()), Map.of("mpich.build", answer)))
                .get(0);
    }

    private LaunchRequest request(RecordingProcesses processes, Map<String, String> environment, ReadyNode... nodes)
            throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("./pi", "a b"), OptionalInt.empty(), environment, false),
                List.of(nodes),
                Path.of("/state/nodes.txt"),
                List.of(),
                new RemoteShell(List.of("/usr/bin/ssh", "-F", "/state/ssh_config")),
                Settings.defaults(launcher.settings()),
                Path.of("/state"),
                processes);
    }

    private static ReadyNode node(String address, String user, int slots) {
        var inet = Subnet.parse(address).orElseThrow().base();
        return new ReadyNode(Node.of("node" + address.replaceAll(".*[.:]", ""), List.of(inet)), inet, user, slots);
    }
}
