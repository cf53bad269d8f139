// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.util.List;
import java.util.Optional;
import org.sciabc.spi.LocalInterface;

/**
 * What one interface of this machine is like.
 *
 * @param itself its name and addresses
 * @param up whether it is up and has a carrier
 * @param wireless whether it is a Wi-Fi interface
 * @param gateways the default gateways behind it
 * @param wifi the name of the Wi-Fi that it is in, where that is known
 */
public record InterfaceFacts(
        LocalInterface itself, boolean up, boolean wireless, List<Gateway> gateways, Optional<String> wifi) {
    public InterfaceFacts {
        gateways = List.copyOf(gateways);
    }

    InterfaceFacts withWifi(Optional<String> name) {
        return new InterfaceFacts(itself, up, wireless, gateways, name);
    }
}
