// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/** Which network all nodes of a job, and the manager, have in common. */
public final class SharedNetworks {
    private static final int LOOPBACK_PREFIX = 8;

    private SharedNetworks() {}

    /**
     * The networks of this machine that hold the addresses of all nodes; empty when there is none, and the launcher has to
     * choose. Pure.
     */
    public static List<Subnet> of(List<ReadyNode> nodes, List<LocalInterface> interfaces) {
        List<InetAddress> addresses = nodes.stream().map(ReadyNode::address).toList();
        if (!addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            return List.of(Subnet.of(addresses.get(0), LOOPBACK_PREFIX));
        }
        Stream<Subnet> own = interfaces.stream()
                .flatMap(each -> each.addresses().stream())
                .map(LocalInterface.Address::subnet)
                .distinct();
        return own.filter(subnet -> addresses.stream().allMatch(subnet::contains))
                .limit(1)
                .toList();
    }
}
