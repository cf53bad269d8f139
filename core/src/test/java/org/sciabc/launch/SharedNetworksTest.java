// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sciabc.launch.MachineReport.NodeAddress;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

class SharedNetworksTest {
    private static final LocalInterface CABLE = on("eth0", "10.0.3.1", 24);
    private static final LocalInterface RADIO = on("wlan0", "192.168.1.5", 24);

    @Test
    void theNetworkThatHoldsEveryNodeIsChosen() {
        assertThat(SharedNetworks.of(nodes("10.0.3.7", "10.0.3.8"), List.of(RADIO, CABLE)))
                .containsExactly(Subnet.parse("10.0.3.0/24").orElseThrow());
    }

    @Test
    void nodesOfDifferentNetworksShareNone() {
        assertThat(SharedNetworks.of(nodes("10.0.3.7", "192.168.1.8"), List.of(RADIO, CABLE)))
                .isEmpty();
    }

    @Test
    void nodesOnThisMachineAloneShareTheLoopbackNetwork() {
        assertThat(SharedNetworks.of(nodes("127.0.7.1", "127.0.7.2"), List.of(CABLE)))
                .containsExactly(Subnet.parse("127.0.0.0/8").orElseThrow());
    }

    @Test
    void whatEngineBridgesTunnelsAndLoopbackOfferIsLeftOut() {
        List<NodeAddress> one = machine(
                "lo 772 10.1.1.1/24", "docker0 bridge 10.2.2.1/24", "wg0 65534 10.3.3.1/24", "eth0 1 10.0.3.1/24");
        List<NodeAddress> two = machine(
                "lo 772 10.1.1.2/24", "docker0 bridge 10.2.2.2/24", "wg0 65534 10.3.3.2/24", "eth0 1 10.0.3.2/24");

        assertThat(among(one, two)).containsExactly("10.0.3.0/24");
    }

    @Test
    void aRangeInWhichTwoHaveTheSameAddressIsADifferentNetworkOnEach() {
        List<NodeAddress> one = machine("br0 1 172.17.0.1/16", "eth0 1 10.0.3.1/24");
        List<NodeAddress> two = machine("br0 1 172.17.0.1/16", "eth0 1 10.0.3.2/24");

        assertThat(among(one, two)).containsExactly("10.0.3.0/24");
    }

    @Test
    void theNetworkThroughWhichNodesAreReachedComesFirst() {
        List<NodeAddress> one = machine("eth0 1 10.0.1.1/24", "eth1 1 10.0.2.1/24");
        List<NodeAddress> two = machine("eth0 1 10.0.1.2/24", "eth1 1 10.0.2.2/24");

        assertThat(among(one, two)).containsExactly("10.0.1.0/24", "10.0.2.0/24");
        assertThat(SharedNetworks.among(List.of(one, two), addresses("10.0.2.1", "10.0.2.2")))
                .extracting(each -> each.network().toString())
                .containsExactly("10.0.2.0/24", "10.0.1.0/24");
    }

    @Test
    void anInterfaceWithoutACarrierAndLinkLocalAddressesDoNotCount() {
        List<NodeAddress> one = machine("eth0 1 10.0.1.1/24 down", "eth1 1 fe80::1/64", "eth1 1 fd00::1/64");
        List<NodeAddress> two = machine("eth0 1 10.0.1.2/24 down", "eth1 1 fe80::2/64", "eth1 1 fd00::2/64");

        assertThat(among(one, two)).containsExactly("fd00:0:0:0:0:0:0:0/64");
    }

    @Test
    void linesOfIpAreRead() {
        List<NodeAddress> read = AddressLines.parse("""
                interface eth0 1 up
                interface tun0 tun unknown
                2: eth0    inet 10.0.3.7/24 brd 10.0.3.255 scope global dynamic eth0\\       valid_lft 100sec
                2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever
                3: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0\\       valid_lft forever
                nonsense
                """);

        assertThat(read).extracting(NodeAddress::interfaceName).containsExactly("eth0", "eth0");
        assertThat(read.get(0).network()).hasToString("10.0.3.0/24");
    }

    private static List<String> among(List<NodeAddress> one, List<NodeAddress> two) {
        return SharedNetworks.among(List.of(one, two), List.of()).stream()
                .map(each -> each.network().toString())
                .toList();
    }

    private static List<NodeAddress> machine(String... lines) {
        return Stream.of(lines)
                .map(line -> line.split(" "))
                .map(words -> new NodeAddress(
                        words[0],
                        words[1],
                        words.length > 3,
                        Subnet.parse(words[2].replaceFirst("/.*", "")).orElseThrow(),
                        Subnet.parse(words[2]).orElseThrow()))
                .toList();
    }

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts)
                .map(text -> Subnet.parse(text).orElseThrow().base())
                .toList();
    }

    private static List<ReadyNode> nodes(String... addresses) {
        return Stream.of(addresses)
                .map(text -> Subnet.parse(text).orElseThrow().base())
                .map(address -> new ReadyNode(Node.of("node", List.of(address)), address, "pi", 1))
                .toList();
    }

    private static LocalInterface on(String name, String address, int prefix) {
        return new LocalInterface(
                name,
                List.of(new LocalInterface.Address(
                        Subnet.parse(address).orElseThrow().base(), prefix)),
                false,
                true);
    }
}
