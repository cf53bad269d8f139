// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Subnet;

/**
 * The networks that this machine is in, and those that it was in: who loses the cable to a network cannot tell anything of
 * the nodes there.
 */
final class OwnNetwork {
    private final Set<Subnet> everSeen = new HashSet<>();
    private final Set<String> everUp = new HashSet<>();
    private List<LocalInterface> interfaces = List.of();
    private Set<Subnet> now = Set.of();

    /** Takes the interfaces that are up now, loopback included. */
    void update(List<LocalInterface> upNow) {
        interfaces = List.copyOf(upNow);
        now = upNow.stream()
                .flatMap(each -> each.addresses().stream())
                .map(LocalInterface.Address::subnet)
                .collect(Collectors.toSet());
        everSeen.addAll(now);
        upNow.forEach(each -> everUp.add(each.name()));
    }

    /** Whether no packet can reach that address because of this machine's own network. */
    boolean isCutOffFrom(InetAddress address) {
        Optional<String> link = linkOf(address);
        if (link.isPresent()) {
            // Every interface is in the network of link-local addresses; which link one is on, its scope says.
            return everUp.contains(link.get())
                    && interfaces.stream().noneMatch(each -> each.name().equals(link.get()));
        }
        if (address.isLoopbackAddress() || isIn(now, address)) {
            return false;
        }
        return isIn(everSeen, address) || interfaces.stream().allMatch(LocalInterface::loopback);
    }

    private static Optional<String> linkOf(InetAddress address) {
        return address instanceof Inet6Address six && six.isLinkLocalAddress()
                ? Optional.ofNullable(six.getScopedInterface()).map(NetworkInterface::getName)
                : Optional.empty();
    }

    private static boolean isIn(Set<Subnet> subnets, InetAddress address) {
        return subnets.stream().anyMatch(subnet -> subnet.contains(address));
    }
}
