// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.util.List;

/**
 * One network interface of this machine that is up and that the user allows to be used.
 *
 * @param name the name that the system gives it, such as {@code eth0}
 * @param addresses its addresses, IPv4 first
 * @param loopback whether it only reaches this machine
 * @param multicast whether it carries multicast
 */
public record LocalInterface(String name, List<Address> addresses, boolean loopback, boolean multicast) {

    /**
     * An address together with the network that it is in.
     *
     * @param address the address, with its scope where it has one
     * @param prefixLength the number of leading bits that the network's addresses share
     */
    public record Address(InetAddress address, int prefixLength) {
        /** The network that the address is in. */
        public Subnet subnet() {
            return Subnet.of(address, prefixLength);
        }
    }

    public LocalInterface {
        addresses = List.copyOf(addresses);
    }
}
