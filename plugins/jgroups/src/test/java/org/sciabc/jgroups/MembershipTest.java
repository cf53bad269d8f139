// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.testkit.SampleNodes;

class MembershipTest {
    private static final byte[] LINK_LOCAL = SampleNodes.address("fe80::7").getAddress();

    @Test
    void onlySendersOfTheNetworkItselfAreHeard() {
        LocalInterface eth0 = on(SampleNodes.address("10.0.3.1"), 24);

        assertThat(Membership.isNear(SampleNodes.address("10.0.3.77"), eth0)).isTrue();
        assertThat(Membership.isNear(SampleNodes.address("10.0.3.1"), eth0)).isTrue();
        assertThat(Membership.isNear(SampleNodes.address("192.168.7.2"), eth0)).isFalse();
        assertThat(Membership.isNear(SampleNodes.address("fe80::7"), eth0)).isFalse();
    }

    @Test
    void linkLocalAddressOfAnotherInterfaceIsElsewhere() throws Exception {
        LocalInterface eth0 = on(Inet6Address.getByAddress("", LINK_LOCAL, 2), 64);

        assertThat(Membership.isNear(Inet6Address.getByAddress("", LINK_LOCAL, 2), eth0))
                .isTrue();
        assertThat(Membership.isNear(Inet6Address.getByAddress("", LINK_LOCAL, 3), eth0))
                .isFalse();
    }

    private static LocalInterface on(InetAddress address, int prefix) {
        return new LocalInterface("eth0", List.of(new LocalInterface.Address(address, prefix)), false, true);
    }
}
