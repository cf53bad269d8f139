// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.sciabc.spi.LocalInterface;

/**
 * Which of a node's addresses to try first from one interface: IPv4 in a network that the interface is in, then other IPv4,
 * then IPv6 that needs no scope, then link-local IPv6 with this interface as its scope.
 */
final class AddressOrder {
    private AddressOrder() {}

    /** The usable ones of these addresses, best first, each once. */
    static List<InetAddress> bestFirst(Collection<InetAddress> addresses, LocalInterface seenOn) {
        return addresses.stream()
                .filter(address -> isUsable(address, seenOn))
                .map(address -> scoped(address, seenOn))
                .distinct()
                .sorted(Comparator.comparingInt((InetAddress address) -> rank(address, seenOn))
                        .thenComparing(InetAddress::getHostAddress))
                .toList();
    }

    private static boolean isUsable(InetAddress address, LocalInterface seenOn) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && (!address.isLoopbackAddress() || seenOn.loopback());
    }

    private static int rank(InetAddress address, LocalInterface seenOn) {
        boolean near = seenOn.addresses().stream().anyMatch(own -> own.subnet().contains(address));
        if (address instanceof Inet4Address) {
            return near ? 0 : address.isLinkLocalAddress() ? 4 : 1;
        }
        return address.isLinkLocalAddress() ? 5 : near ? 2 : 3;
    }

    private static InetAddress scoped(InetAddress address, LocalInterface seenOn) {
        if (!(address instanceof Inet6Address) || !address.isLinkLocalAddress()) {
            return address;
        }
        return seenOn.addresses().stream()
                .map(LocalInterface.Address::address)
                .filter(own -> own instanceof Inet6Address && own.isLinkLocalAddress())
                .map(Inet6Address.class::cast)
                .findFirst()
                .map(own -> withScopeOf(address, own))
                .orElse(address);
    }

    private static InetAddress withScopeOf(InetAddress address, Inet6Address own) {
        try {
            return own.getScopedInterface() == null
                    ? Inet6Address.getByAddress(null, address.getAddress(), own.getScopeId())
                    : Inet6Address.getByAddress(null, address.getAddress(), own.getScopedInterface());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
