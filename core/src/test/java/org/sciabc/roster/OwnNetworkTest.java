// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Subnet;

class OwnNetworkTest {
    private static final Subnet LINK = Subnet.parse("fe80::/64").orElseThrow();

    private final OwnNetwork network = new OwnNetwork();

    /** Every interface is in fe80::/64: that another one still is says nothing of the link that is lost. */
    @Test
    void aLinkLocalAddressIsCutOffWithItsOwnInterface() throws Exception {
        // Java gives an address a scope only on an interface that has such an address itself.
        Optional<Inet6Address> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(InetAddress::isLinkLocalAddress)
                .filter(Inet6Address.class::isInstance)
                .map(Inet6Address.class::cast)
                .findFirst();
        assumeThat(own).isPresent();
        NetworkInterface real = own.orElseThrow().getScopedInterface();
        Inet6Address there = Inet6Address.getByAddress("", LINK.base().getAddress(), real);
        LocalInterface wired = local(real.getName());
        LocalInterface other = local("other0");
        network.update(List.of(wired, other));
        assertThat(network.isCutOffFrom(there)).isFalse();

        network.update(List.of(other));
        assertThat(network.isCutOffFrom(there)).isTrue();

        network.update(List.of(wired));
        assertThat(network.isCutOffFrom(there)).isFalse();
    }

    private static LocalInterface local(String name) {
        InetAddress address = LINK.base();
        return new LocalInterface(name, List.of(new LocalInterface.Address(address, 64)), false, true);
    }
}
