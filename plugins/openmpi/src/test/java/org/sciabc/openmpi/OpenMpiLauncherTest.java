// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;
import org.sciabc.testkit.RecordingProcesses;
import org.sciabc.testkit.RecordingStreams;

class OpenMpiLauncherTest {
    private final OpenMpiLauncher launcher = new OpenMpiLauncher();
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    @Test
    void theHostfileNamesTheUserOnlyWhereItDiffers() {
        String text = launcher.hostfile(new HostfileRequest(List.of(node(1, "pi", 4), node(2, "alice", 1)), "alice"));

        assertThat(text).isEqualTo("pi@10.0.3.1 slots=4\n10.0.3.2 slots=1\n");
    }

    @Test
    void withoutANumberOfProcessesEverySlotIsUsed() throws Exception {
        launch(OptionalInt.empty(), false, node(1, "pi", 4), node(2, "pi", 2));

        assertThat(words).containsExactly("mpirun", "--hostfile", "/state/nodes.txt", "-n", "6", "./pi", "a b", "-n");
    }

    @Test
    void aColonIsAWordOfTheProgram() throws Exception {
        RecordingProcesses processes = RecordingProcesses.ending();
        LaunchRequest request = request(OptionalInt.of(1), false, processes, node(1, "pi", 1));
        launcher.launch(
                request.withJob(request.job().running(List.of("seq", "it's", ":", "2"))),
                RecordingStreams.withoutInput().streams());

        assertThat(processes.started().get(0).command())
                .doesNotContain(":")
                .containsSubsequence("-n", "1", "sh", "-c")
                .last()
                .asString()
                .startsWith("set -- 'seq' 'it'\\''s' ':' '2'\n");
    }

    @Test
    void aNodeIsCalledByItsIpv4AddressWhereItHasOne() throws Exception {
        assertThat(launcher.hostfile(
                        new HostfileRequest(List.of(node("fd00::7", "10.0.3.7"), node("fd00::8", "fd00::8")), "pi")))
                .isEqualTo("10.0.3.7 slots=1\nfd00:0:0:0:0:0:0:8 slots=1\n");
    }

    @Test
    void noVersionIsToldARangeOfIpv6() throws Exception {
        RecordingProcesses processes = RecordingProcesses.ending();
        LaunchRequest request = request(OptionalInt.of(1), false, processes, node("fd00::7", "fd00::7"));
        launcher.launch(
                request.withNodes(
                        request.nodes(), List.of(Subnet.parse("fd00::/64").orElseThrow())),
                RecordingStreams.withoutInput().streams());

        assertThat(processes.started().get(0).environment())
                .doesNotContainKeys(
                        "OMPI_MCA_btl_tcp_if_include", "OMPI_MCA_oob_tcp_if_include", "PMIX_MCA_ptl_tcp_if_include");
    }

    @Test
    void nodesWithoutIpv4StopVersion4() throws Exception {
        LaunchRequest launch =
                request(OptionalInt.of(1), false, node("fd00::7", "10.0.3.7"), node("fd00::8", "fd00::8"));
        Map<String, String> four = answer("folder /usr/bin\nversion 4.1.4\nstarter");
        Map<String, String> five = answer("folder /usr/bin\nversion 5.0.7\nprrte 3.0.8\nstarter");

        assertThat(launcher.check(new CheckRequest(launch, List.of(four, four), four)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.STOP);
                    assertThat(finding.what()).isEqualTo("Open MPI 4.1.4 cannot reach nodes by IPv6");
                    assertThat(finding.nodes()).containsExactly(launch.nodes().get(1));
                });
        assertThat(launcher.check(new CheckRequest(launch, List.of(five, five), five)))
                .isEmpty();
    }

    @Test
    void anMpirunOfAnotherFamilyIsNamedWithOpenMpis() throws Exception {
        LaunchRequest launch = request(OptionalInt.of(1), false, node(1, "pi", 1));
        Map<String, String> node = answer("folder /usr/bin\nversion 4.1.4");
        Map<String, String> here = answer("folder /usr/bin\nversion 4.1.4\nstranger /usr/bin/mpirun.openmpi");

        assertThat(launcher.check(new CheckRequest(launch, List.of(node), here)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.STOP);
                    assertThat(finding.what()).isEqualTo("'mpirun' on this machine is not Open MPI's");
                    assertThat(finding.hint())
                            .startsWith("'--set openmpi.mpirun=/usr/bin/mpirun.openmpi' names Open MPI's");
                });
    }

    @Test
    void bothVersionsAreToldTheSameShellAndNetwork() throws Exception {
        launch(OptionalInt.of(1), false, node(1, "pi", 1));

        assertThat(variables)
                .containsEntry("OMPI_MCA_plm_rsh_agent", "/usr/bin/ssh -F /state/ssh_config")
                .containsEntry("PRTE_MCA_plm_ssh_agent", "/usr/bin/ssh -F /state/ssh_config")
                .containsEntry("OMPI_MCA_btl_tcp_if_include", "10.0.3.0/24")
                .containsEntry("OMPI_MCA_oob_tcp_if_include", "10.0.3.0/24")
                .containsEntry("PMIX_MCA_ptl_tcp_if_include", "10.0.3.0/24")
                .doesNotContainKeys(
                        "PRTE_MCA_prte_if_include", "OMPI_ALLOW_RUN_AS_ROOT", "OMPI_MCA_plm_rsh_no_tree_spawn");
    }

    @Test
    void rootRunsOnlyWhereItWasAgreedTo() throws Exception {
        launch(OptionalInt.of(1), true, node(1, "root", 1));

        assertThat(variables)
                .containsEntry("OMPI_ALLOW_RUN_AS_ROOT", "1")
                .containsEntry("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    }

    @Test
    void moreNodesThanTheTreeIsWideAreAllReachedFromTheManager() throws Exception {
        launch(
                OptionalInt.of(1),
                false,
                IntStream.rangeClosed(1, 65)
                        .mapToObj(number -> node(number, "pi", 1))
                        .toArray(ReadyNode[]::new));

        assertThat(variables).containsEntry("OMPI_MCA_plm_rsh_no_tree_spawn", "1");
    }

    @Test
    void pythonsPackagesAreLeftOutWhereTheyAreNotWanted() throws Exception {
        assertThat(launcher.requirements(request(Map.of()))).hasSize(2);
        assertThat(launcher.requirements(request(Map.of("python", "false"))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Requirement.Packages.class,
                        packages -> assertThat(packages.names()).containsOnlyKeys(Requirement.PackageManager.values()));
    }

    @Test
    void theBuildIsWhatProcessesOfOneJobHaveInCommon() {
        assertThat(launcher.build(
                        answer("folder /usr/bin\nversion 4.1.4\nstarter\npackaged 50129044011523f41a59f7dd859f01f9")))
                .isEqualTo("Open MPI 4.1.4");
        assertThat(launcher.build(answer("folder /usr/bin\nversion 5.0.7\nprrte 3.0.8")))
                .isEqualTo("Open MPI 5.0.7 with PRRTE 3.0.8");
        assertThat(launcher.build(answer("starter"))).isEmpty();
        assertThat(launcher.build(Map.of())).isEmpty();
    }

    @Test
    void theScriptOfTheProbeFindsWhatThisMachineHas() throws Exception {
        String script = launcher.probes(request(OptionalInt.of(1), false, node(1, "pi", 1)))
                .get(0)
                .script();
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        String answer = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        Process mpirun = new ProcessBuilder("sh", "-c", "mpirun --version | head -n 1").start();
        String said = new String(mpirun.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(said.replaceFirst("\\s*\\(Open MPI\\)", ""))
                .isEqualTo(
                        launcher.build(answer(answer)).isEmpty()
                                ? ""
                                : "mpirun"
                                        + launcher.build(answer(answer))
                                                .replaceFirst(" with .*", "")
                                                .replaceFirst("Open MPI", "")
                                        + "\n");
    }

    @Test
    void openMpiThatIsMissingOrBesideThePathIsToldApart() throws Exception {
        LaunchRequest launch = request(OptionalInt.of(1), false, node(1, "pi", 1), node(2, "pi", 1));
        List<Finding> missing = launcher.check(new CheckRequest(
                launch, List.of(answer("folder /usr/bin\nversion 4.1.4"), answer("")), answer("starter")));
        List<Finding> aside = launcher.check(
                new CheckRequest(launch, List.of(answer("aside /opt/openmpi/bin"), answer("")), answer("starter")));

        assertThat(missing).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("Open MPI is missing");
            assertThat(finding.nodes()).containsExactly(launch.nodes().get(1));
            assertThat(finding.hint()).contains("sciabc provision node2");
        });
        assertThat(aside)
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).contains("/opt/openmpi/bin"));
    }

    @Test
    void equalVersionsFromDifferentPackagesAreAWarning() throws Exception {
        LaunchRequest launch = request(OptionalInt.of(1), false, node(1, "pi", 1), node(2, "pi", 1), node(3, "pi", 1));
        Map<String, String> debians =
                answer("folder /usr/bin\nversion 4.1.4\npackaged 50129044011523f41a59f7dd859f01f9");
        Map<String, String> later = answer("folder /usr/bin\nversion 4.1.4\npackaged 9d18b33ba0a4555c17b35e82a9a2b054");
        Map<String, String> own = answer("folder /opt/openmpi/bin\nversion 4.1.4");

        assertThat(launcher.check(new CheckRequest(launch, List.of(debians, own, debians))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARN);
                    assertThat(finding.what()).isEqualTo("Open MPI is not installed alike everywhere");
                    assertThat(finding.evidence())
                            .isEqualTo("/usr/bin (package 50129044) on node[1,3], /opt/openmpi/bin on node2");
                });
        assertThat(launcher.check(new CheckRequest(launch, List.of(debians, later, debians))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence())
                        .isEqualTo("/usr/bin (package 50129044) on node[1,3], /usr/bin (package 9d18b33b) on node2"));
        assertThat(launcher.check(new CheckRequest(launch, List.of(debians, debians, debians))))
                .isEmpty();
    }

    @Test
    void aProgramOfAnotherFamilyIsRecognised() throws Exception {
        LaunchRequest launch = request(OptionalInt.of(1), false, node(1, "pi", 1));
        Map<String, String> mpich = Map.of(CheckRequest.LIBRARIES, "\tlibmpich.so.12 => /lib/libmpich.so.12 (0x1)");
        Map<String, String> ours = Map.of(CheckRequest.LIBRARIES, "\tlibmpi.so.40 => /lib/libmpi.so.40 (0x1)");

        assertThat(launcher.check(new CheckRequest(launch, List.of(mpich))))
                .extracting(Finding::what)
                .containsExactly("the program is built for MPICH");
        assertThat(launcher.check(new CheckRequest(launch, List.of(ours)))).isEmpty();
    }

    @Test
    void compilersComeOnlyWhereTheyAreWanted() throws Exception {
        assertThat(launcher.requirements(request(Map.of("compilers", "c, Fortran"))))
                .hasSize(4)
                .last()
                .isInstanceOfSatisfying(Requirement.Packages.class, packages -> {
                    assertThat(packages.names()).containsOnlyKeys(Requirement.PackageManager.values());
                    assertThat(packages.names().get(Requirement.PackageManager.APT))
                            .containsExactly("gfortran", "libc6-dev", "libopenmpi-dev");
                    assertThat(packages.why()).isEqualTo("programs in Fortran are compiled there with Open MPI");
                });
        assertThatThrownBy(() -> launcher.requirements(request(Map.of("compilers", "c,cobol"))))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("openmpi.compilers cannot be 'cobol': it takes c, c++ and fortran");
    }

    @Test
    void mpi4pyThatIsMissingIsNamedWithWhatInstallsIt() throws Exception {
        LaunchRequest launch = python("python3");
        Map<String, String> found = Map.of(CheckRequest.MPI4PY, "/usr/lib/python3/dist-packages/mpi4py/MPI.so");
        Map<String, String> missing = Map.of(CheckRequest.MPI4PY, "");

        assertThat(launcher.check(new CheckRequest(launch, List.of(found, missing))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.STOP);
                    assertThat(finding.what()).isEqualTo("mpi4py is missing");
                    assertThat(finding.nodes()).containsExactly(launch.nodes().get(1));
                    assertThat(finding.hint()).isEqualTo("'sciabc provision node2' installs it");
                });
        assertThat(launcher.check(new CheckRequest(launch, List.of(found, Map.of()))))
                .isEmpty();
    }

    @Test
    void anotherInterpreterIsNotMendedWithTheSystemsPackage() throws Exception {
        LaunchRequest launch = python("/opt/py/bin/python3");

        assertThat(launcher.check(new CheckRequest(launch, List.of(Map.of(), Map.of(CheckRequest.MPI4PY, "")))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.hint())
                        .contains("'sciabc exec node2 -- /opt/py/bin/python3 -m pip install mpi4py'"));
    }

    @Test
    void mpi4pyOfAnotherFamilyIsRecognised() throws Exception {
        Map<String, String> mpich = Map.of(
                CheckRequest.LIBRARIES,
                "\tlibmpi.so.12 => not found",
                CheckRequest.MPI4PY,
                "/usr/local/lib/python3.11/dist-packages/mpi4py/MPI.so");

        assertThat(launcher.check(new CheckRequest(python("python3"), List.of(Map.of(), mpich))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.what()).isEqualTo("mpi4py is built for MPICH");
                    assertThat(finding.evidence())
                            .contains("dist-packages/mpi4py/MPI.so is linked with libmpi.so.12", "rank 0 of 1");
                    assertThat(finding.hint()).contains("sciabc provision node2");
                });
    }

    @Test
    void byHandTheSameShellIsNamedToBothVersions() {
        RemoteShell shell = new RemoteShell(
                List.of("ssh", "-F", "/state/ssh_config"),
                false,
                List.of("sh", "/apart", "ssh", "-F", "/state/ssh_config"));

        assertThat(launcher.byHand(shell, Path.of("my nodes.txt")))
                .hasValue(
                        "OMPI_MCA_plm_rsh_agent='sh /apart ssh -F /state/ssh_config'"
                                + " PRTE_MCA_plm_ssh_agent='sh /apart ssh -F /state/ssh_config' mpirun --hostfile 'my nodes.txt'");
    }

    private LaunchRequest python(String interpreter) throws Exception {
        LaunchRequest launch = request(OptionalInt.of(1), false, node(1, "pi", 1), node(2, "pi", 1));
        return launch.withJob(launch.job().running(List.of(interpreter, "hello.py")));
    }

    private static Map<String, String> answer(String text) {
        return Map.of("build", text);
    }

    private RequirementsRequest request(Map<String, String> settings) throws Exception {
        return new RequirementsRequest("default", Settings.of(launcher.settings(), settings), Path.of("/state"));
    }

    private void launch(OptionalInt ranks, boolean allowRoot, ReadyNode... nodes) throws Exception {
        RecordingProcesses processes = RecordingProcesses.ending();
        launcher.launch(
                request(ranks, allowRoot, processes, nodes),
                RecordingStreams.withoutInput().streams());
        words.addAll(processes.started().get(0).command());
        variables.putAll(processes.started().get(0).environment());
    }

    private LaunchRequest request(OptionalInt ranks, boolean allowRoot, ReadyNode... nodes) throws Exception {
        return request(ranks, allowRoot, RecordingProcesses.ending(), nodes);
    }

    private LaunchRequest request(
            OptionalInt ranks, boolean allowRoot, RecordingProcesses processes, ReadyNode... nodes) throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("./pi", "a b", "-n"), ranks, Map.of(), allowRoot),
                List.of(nodes),
                Path.of("/state/nodes.txt"),
                List.of(Subnet.parse("10.0.3.0/24").orElseThrow()),
                new RemoteShell(List.of("ssh"), false, List.of("/usr/bin/ssh", "-F", "/state/ssh_config")),
                Settings.defaults(launcher.settings()),
                Path.of("/state"),
                processes);
    }

    private static ReadyNode node(int number, String user, int slots) {
        var address = Subnet.parse("10.0.3." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, user, slots);
    }

    private static ReadyNode node(String reached, String other) {
        var address = Subnet.parse(reached).orElseThrow().base();
        List<InetAddress> all =
                List.of(address, Subnet.parse(other).orElseThrow().base());
        return new ReadyNode(Node.of("node" + reached.replaceAll(".*:", ""), all), address, "pi", 1);
    }
}
