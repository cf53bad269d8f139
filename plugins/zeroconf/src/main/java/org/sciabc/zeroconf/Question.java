// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

/** A question to the network: records of this type under this name. */
record Question(DnsName name, int type) {
    static Question instancesOf(DnsName serviceType) {
        return new Question(serviceType, DnsRecord.TYPE_PTR);
    }
}
