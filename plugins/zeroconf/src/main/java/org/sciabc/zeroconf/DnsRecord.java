// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;

/** One record of a DNS message, of the kinds that service discovery is made of; the others are skipped unread. */
sealed interface DnsRecord {
    int TYPE_A = 1;
    int TYPE_PTR = 12;
    int TYPE_TXT = 16;
    int TYPE_AAAA = 28;
    int TYPE_SRV = 33;
    int CLASS_IN = 1;

    /** What the record is about. */
    DnsName name();

    /** For how long it holds, in seconds; zero means that it holds no longer: a goodbye (RFC 6762, section 10.1). */
    long ttl();

    /** An instance of a type of service, or a type of service (RFC 6763, sections 4.1 and 9). */
    record Pointer(DnsName name, long ttl, DnsName target) implements DnsRecord {}

    /** Where a service instance lives (RFC 2782). */
    record Server(DnsName name, long ttl, int port, DnsName target) implements DnsRecord {}

    /** What a service instance says of itself (RFC 6763, section 6). */
    record Text(DnsName name, long ttl, ServiceText text) implements DnsRecord {}

    /**
     * An address of a host.
     *
     * @param unique whether the sender says that this record and its siblings in the message replace all earlier ones
     */
    record Address(DnsName name, long ttl, boolean unique, InetAddress address) implements DnsRecord {}
}
