// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sciabc.launch.NodeGroups.Group;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/** Groups by what machines answered: the kernel's name, and the first bytes of their shell. */
class NodeGroupsTest {
    private static final String BUILD = "Open MPI 4.1.4";
    private static final String ARMHF =
            "7f454c46010101000000000000000000" + "0300280001000000" + "d509000034000000" + "c8ae010000040005";
    private static final String ARMEL =
            "7f454c46010101000000000000000000" + "0300280001000000" + "d509000034000000" + "c8ae010000020005";
    private static final String AARCH64 =
            "7f454c46020101000000000000000000" + "0300b70001000000" + "0029000000000000" + "4000000000000000";
    private static final String X86_64 =
            "7f454c46020101000000000000000000" + "03003e0001000000" + "0029000000000000" + "4000000000000000";

    @Test
    void raspberryPisOfSeveralKernelsShareOneKindOfPrograms() {
        NodeGroups groups = groups(
                machine("armv6l", ARMHF, "raspbian-12"),
                machine("armv7l", ARMHF, "raspbian-12"),
                machine("aarch64", ARMHF, "raspbian-12"));

        assertThat(groups.groups())
                .extracting(Group::text)
                .containsExactly("node[1-3]: Open MPI 4.1.4, armhf, raspbian-12; up to 3 processes");
    }

    @Test
    void equalKernelsWithOtherProgramsDoNotFit() {
        NodeGroups groups = groups(
                machine("aarch64", AARCH64, "debian-12"),
                machine("aarch64", ARMHF, "raspbian-12"),
                machine("aarch64", AARCH64, "debian-12"));

        assertThat(groups.groups())
                .extracting(Group::text)
                .containsExactly(
                        "node[1,3]: Open MPI 4.1.4, aarch64, debian-12; up to 2 processes",
                        "node2: Open MPI 4.1.4, armhf, raspbian-12; up to 1 process");
        assertThat(groups.evidence())
                .isEqualTo("there are 2 groups that cannot run one job: aarch64 and armhf programs do not understand"
                        + " each other's data, however they are compiled");
    }

    @Test
    void theKindOfFloatingPointMatters() {
        assertThat(groups(machine("armv7l", ARMHF, "debian-12"), machine("armv7l", ARMEL, "debian-12"))
                        .groups())
                .extracting(Group::arch)
                .containsExactly("armhf", "armel");
    }

    @Test
    void whereThereIsNoSuchBinaryTheKernelIsAsked() {
        assertThat(groups(machine("arm64", "cffaedfe0c000001", ""), machine("x86_64", "cffaedfe07000001", ""))
                        .groups())
                .extracting(Group::arch)
                .containsExactly("arm64", "x86_64");
    }

    @Test
    void aProgramFor64BitsIsRefusedBy32BitProgramsOnA64BitKernel() {
        assertThat(cannotRun(AARCH64, machine("aarch64", ARMHF, "raspbian-12")))
                .containsExactly("it is built for aarch64, and the machine's system is for armhf");
        assertThat(cannotRun(ARMHF, machine("aarch64", AARCH64, "debian-12"))).isEmpty();
        assertThat(cannotRun(X86_64, machine("aarch64", AARCH64, "debian-12")))
                .containsExactly("it is built for x86_64, and the machine is aarch64");
    }

    private static List<String> cannotRun(String head, String machine) {
        MachineReport report = MachineReport.of(
                answered(Map.of(
                        PreflightProbes.MACHINE,
                        machine,
                        PreflightProbes.fileProbe(0),
                        "path ./pi\nexecutable\nhead " + head.substring(0, 40) + "\nsum 0123456789abcdef")),
                1);
        return new ProgramChecks("./pi", 0, List.of(node(1)), List.of(report), report)
                .fitness(true).stream().map(Finding::evidence).toList();
    }

    private static NodeGroups groups(String... machines) {
        List<MachineReport> reports = List.of(machines).stream()
                .map(machine -> MachineReport.of(answered(Map.of(PreflightProbes.MACHINE, machine)), 0))
                .toList();
        List<ReadyNode> nodes = IntStream.rangeClosed(1, machines.length)
                .mapToObj(NodeGroupsTest::node)
                .toList();
        return NodeGroups.of(nodes, reports, Collections.nCopies(machines.length, BUILD), BUILD);
    }

    private static String machine(String kernel, String shell, String system) {
        return "kernel Linux\narch " + kernel + "\nshell " + shell + "\nos " + system;
    }

    private static Answered answered(Map<String, String> answers) {
        return new Answered(answers, Optional.empty(), Instant.EPOCH, Instant.EPOCH);
    }

    private static ReadyNode node(int number) {
        var address = Subnet.parse("10.9.0." + number).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 1);
    }
}
