// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;

final class HostfileDialectTest {
    private static final List<ReadyNode> NODES =
            List.of(ready("node1", "pi", 4, 22, "10.0.3.11"), ready("node2", "teacher", 2, 22, "10.0.3.12"));

    @Test
    void openMpiWantsSlots() {
        assertThat(text(HostfileDialect.OPENMPI, NODES)).isEqualTo("pi@10.0.3.11 slots=4\n10.0.3.12 slots=2\n");
    }

    @Test
    void theListOf2016WasOneAddressALine() {
        assertThat(text(HostfileDialect.PLAIN, NODES)).isEqualTo("10.0.3.11\n10.0.3.12\n");
    }

    @Test
    void mpichWantsAColon() {
        assertThat(text(HostfileDialect.MPICH, NODES)).isEqualTo("10.0.3.11:4 user=pi\n10.0.3.12:2\n");
    }

    @Test
    void parallelWantsTheNumberFirst() {
        assertThat(text(HostfileDialect.PARALLEL, NODES)).isEqualTo("4/pi@10.0.3.11\n2/10.0.3.12\n");
        assertThat(text(HostfileDialect.PARALLEL, List.of(ready("node1", "pi", 4, 2222, "10.0.3.11"))))
                .isEqualTo("4/ssh -p 2222 pi@10.0.3.11\n");
    }

    @Test
    void nodesetWantsThemFolded() {
        assertThat(text(HostfileDialect.NODESET, NODES)).isEqualTo("sciabc:\n  'my-lab': '10.0.3.[11-12]'\n");
    }

    @Test
    void ansibleWantsVariables() {
        assertThat(text(HostfileDialect.ANSIBLE, List.of(ready("node1", "pi", 4, 2222, "10.0.3.11"))))
                .isEqualTo(
                        "[sciabc_my_lab]\nnode1 ansible_host=10.0.3.11 ansible_port=2222 ansible_user=pi sciabc_slots=4\n");
    }

    @Test
    void anAnnouncedNameDoesNotStandForAMachineElsewhere() {
        assertThat(text(HostfileDialect.SSH_CONFIG, List.of(ready("git.example.org", "pi", 4, 22, "10.0.3.11"))))
                .startsWith("Host git-example-org\n");
        assertThat(text(HostfileDialect.SSH_CONFIG, List.of(ready("10.0.3.11", "pi", 4, 22, "10.0.3.11"))))
                .startsWith("Host 10.0.3.11\n");
    }

    @Test
    void sshWantsAHostEach() {
        assertThat(text(HostfileDialect.SSH_CONFIG, List.of(ready("node1", "pi", 4, 2222, "10.0.3.11"))))
                .isEqualTo("Host node1\n  HostName 10.0.3.11\n  Port 2222\n  User pi\n");
    }

    @Test
    void sshIsNotToldToExpandAScope() {
        assertThat(text(HostfileDialect.SSH_CONFIG, List.of(ready("node1", "pi", 4, 22, "fe80::1%1"))))
                .contains("HostName fe80:0:0:0:0:0:0:1%%1\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostfileDialect.class,
            names = {"MPICH", "NODESET", "PARALLEL"})
    void whoKnowsNoIpv6IsGivenTheOtherAddressOrNone(HostfileDialect dialect) {
        ReadyNode both = ready("node1", "teacher", 4, 22, "fe80::1", "10.0.3.11");
        ReadyNode one = ready("node2", "teacher", 4, 22, "fe80::2");

        assertThat(text(dialect, List.of(both, one))).contains("10.0.3.11").doesNotContain("fe80");
        assertThat(dialect.canList(both)).isTrue();
        assertThat(dialect.canList(one)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = HostfileDialect.class,
            names = {"MPICH", "NODESET"})
    void whoKnowsNoPortsIsNotGivenAnUnusualOne(HostfileDialect dialect) {
        assertThat(dialect.canList(ready("node1", "pi", 4, 2222, "10.0.3.11"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(HostfileDialect.class)
    void noNodesAreAListToo(HostfileDialect dialect) {
        assertThat(text(dialect, List.of())).doesNotContain("10.0.").doesNotContain("Host ");
    }

    @ParameterizedTest
    @EnumSource(HostfileDialect.class)
    void isFoundByItsName(HostfileDialect dialect) {
        assertThat(HostfileDialect.of(dialect.id())).contains(dialect);
        assertThat(HostfileDialect.ids()).contains(dialect.id());
    }

    @Test
    void anotherNameIsNone() {
        assertThat(HostfileDialect.of("OPENMPI")).isEmpty();
        assertThat(HostfileDialect.of("slurm")).isEmpty();
    }

    private static String text(HostfileDialect dialect, List<ReadyNode> nodes) {
        return dialect.text(new HostfileRequest(nodes, "teacher"), "my-lab");
    }

    private static ReadyNode ready(String name, String user, int slots, int port, String... addresses) {
        List<InetAddress> parsed =
                List.of(addresses).stream().map(HostfileDialectTest::address).toList();
        return new ReadyNode(Node.of(name, parsed).withPort(port), parsed.get(0), user, slots);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException notALiteral) {
            throw new IllegalArgumentException(notALiteral);
        }
    }
}
