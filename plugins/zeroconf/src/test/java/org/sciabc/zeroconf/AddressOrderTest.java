// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;

class AddressOrderTest {
    @Test
    void nearIpv4ComesFirstAndLinkLocalIpv6Last() throws Exception {
        LocalInterface eth = new LocalInterface(
                "eth7",
                List.of(
                        new LocalInterface.Address(Packet.literal("10.0.3.1"), 24),
                        new LocalInterface.Address(
                                Inet6Address.getByAddress(
                                        null, Packet.literal("fe80::1").getAddress(), 7),
                                64)),
                false,
                true);

        List<InetAddress> ordered = AddressOrder.bestFirst(
                Stream.of("fe80::2", "2001:db8::2", "169.254.1.2", "172.17.0.2", "10.0.3.2", "10.0.3.2")
                        .map(Packet::literal)
                        .toList(),
                eth);

        assertThat(ordered)
                .extracting(InetAddress::getHostAddress)
                .containsExactly(
                        "10.0.3.2", "172.17.0.2", "2001:db8:0:0:0:0:0:2", "169.254.1.2", "fe80:0:0:0:0:0:0:2%7");
    }

    @Test
    void addressesThatLeadNowhereAreLeftOut() {
        LocalInterface eth = new LocalInterface(
                "eth7", List.of(new LocalInterface.Address(Packet.literal("10.0.3.1"), 24)), false, true);

        assertThat(AddressOrder.bestFirst(
                        Stream.of("127.0.1.1", "0.0.0.0", "224.0.0.1", "::1", "::")
                                .map(Packet::literal)
                                .toList(),
                        eth))
                .isEmpty();
    }
}
