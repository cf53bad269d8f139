// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;
import org.sciabc.spi.LocalInterface;

/** How this machine's network interfaces are now: they come, go and change their addresses. */
interface Interfaces {
    /** The interface of this name; empty when there is none, or it is down, or has no cable or no address. */
    Optional<LocalInterface> current(String name);

    /** Asks the system. */
    static Optional<LocalInterface> ofSystem(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null || !found.isUp()) {
                return Optional.empty();
            }
            var addresses = found.getInterfaceAddresses().stream()
                    .map(address -> new LocalInterface.Address(address.getAddress(), address.getNetworkPrefixLength()))
                    .sorted(Comparator.comparing(address -> !(address.address() instanceof Inet4Address)))
                    .toList();
            return addresses.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new LocalInterface(name, addresses, found.isLoopback(), found.supportsMulticast()));
        } catch (SocketException gone) {
            return Optional.empty();
        }
    }
}
