// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.sciabc.spi.ReadyNode;

/** How a node is called in a hostfile, in which Open MPI 4 reads no IPv6 address. */
final class HostfileAddress {
    private HostfileAddress() {}

    /** The address through which it is reached, unless that is an IPv6 address and it has an IPv4 address, too. */
    static InetAddress of(ReadyNode node) {
        if (!(node.address() instanceof Inet4Address)) {
            for (InetAddress other : node.node().addresses()) {
                if (other instanceof Inet4Address) {
                    return other;
                }
            }
        }
        return node.address();
    }

    /** Whether every version of Open MPI can read it. */
    static boolean isReadable(ReadyNode node) {
        return of(node) instanceof Inet4Address;
    }
}
