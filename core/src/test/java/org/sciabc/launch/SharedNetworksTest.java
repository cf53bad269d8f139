// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
