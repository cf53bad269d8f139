// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubnetTest {

    @Test
    void overlapsWhatContainsIt() {
        Subnet subnet = Subnet.parse("10.1.2.0/24");

        assertThat(subnet.overlaps(Subnet.parse("10.0.0.0/8"))).isTrue();
        assertThat(Subnet.parse("10.0.0.0/8").overlaps(subnet)).isTrue();
        assertThat(subnet.overlaps(Subnet.parse("10.1.2.128/25"))).isTrue();
        assertThat(subnet.overlaps(Subnet.parse("10.1.3.0/24"))).isFalse();
        assertThat(subnet.overlaps(Subnet.parse("192.168.2.0/24"))).isFalse();
    }

    @Test
    void countsItsAddresses() {
        assertThat(Subnet.parse("192.168.250.0/24").address(10)).isEqualTo("192.168.250.10");
        assertThat(Subnet.parse("192.168.250.0/24")).hasToString("192.168.250.0/24");
    }
}
