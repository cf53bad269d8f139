// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.List;

/**
 * One announced instance of a service, resolved.
 *
 * @param name its full name, the type of service included
 * @param host the name of the machine that it is on
 * @param port its port
 * @param text what it says of itself
 * @param addresses where the host is, in no order; link-local ones still without a scope
 */
record ServiceInstance(DnsName name, DnsName host, int port, ServiceText text, List<InetAddress> addresses) {
    ServiceInstance {
        addresses = List.copyOf(addresses);
    }
}
