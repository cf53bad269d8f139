// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;
import org.sciabc.spi.LocalInterface;

/** The two versions of the Internet protocol, with multicast DNS's group in each (RFC 6762, section 3). */
enum IpVersion {
    IPV4(StandardProtocolFamily.INET, Inet4Address.class, "224.0.0.251"),
    IPV6(StandardProtocolFamily.INET6, Inet6Address.class, "ff02::fb");

    private final StandardProtocolFamily protocol;
    private final Class<? extends InetAddress> addressType;
    private final String group;

    IpVersion(StandardProtocolFamily protocol, Class<? extends InetAddress> addressType, String group) {
        this.protocol = protocol;
        this.addressType = addressType;
        this.group = group;
    }

    StandardProtocolFamily protocol() {
        return protocol;
    }

    /** The interface's address that multicast DNS speaks from; empty when it has none of this version. */
    Optional<InetAddress> ownAddress(LocalInterface localInterface) {
        return localInterface.addresses().stream()
                .map(LocalInterface.Address::address)
                .filter(addressType::isInstance)
                .min(Comparator.comparing(address -> this == IPV6 && !address.isLinkLocalAddress()));
    }

    InetAddress group(NetworkInterface scope) {
        try {
            InetAddress literal = InetAddress.getByName(group);
            return this == IPV4 ? literal : Inet6Address.getByAddress(null, literal.getAddress(), scope);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
