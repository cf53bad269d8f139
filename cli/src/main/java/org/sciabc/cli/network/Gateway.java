// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.net.InetAddress;
import java.util.Optional;
import org.sciabc.cli.config.GatewayName;

/**
 * A default gateway.
 *
 * @param address its address
 * @param mac its hardware address, in lower case with colons; absent when this machine has not talked to it of late
 */
public record Gateway(InetAddress address, Optional<String> mac) {

    /** Whether it is the one of this name. */
    boolean isCalled(GatewayName name) {
        return GatewayName.of(address).equals(name) || mac.map(GatewayName::new).equals(Optional.of(name));
    }

    @Override
    public String toString() {
        return GatewayName.of(address).text()
                + mac.map(known -> " (" + known + ")").orElse("");
    }
}
