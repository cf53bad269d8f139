// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.net.InetAddress;
import java.util.Optional;
import org.sciabc.spi.Subnet;

/**
 * One address of a node together with the network that it is in.
 *
 * @param interfaceName the name that the node gives the interface, such as {@code eth0}
 * @param address the address
 * @param prefixLength the number of leading bits that the network's addresses share
 */
public record NodeAddress(String interfaceName, InetAddress address, int prefixLength) {

    /** The network that the address is in. */
    public Subnet subnet() {
        return Subnet.of(address, prefixLength);
    }

    /** Reads {@code INTERFACE ADDRESS PREFIX}; empty when the text is anything else. */
    static Optional<NodeAddress> parse(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 3 || !words[2].matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        return Subnet.parse(words[1])
                .map(Subnet::base)
                .filter(address -> Integer.parseInt(words[2]) <= address.getAddress().length * 8)
                .map(address -> new NodeAddress(words[0], address, Integer.parseInt(words[2])));
    }
}
