// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The addresses of one host, and the instances that live there. */
final class HostRecords {
    private static final int ADDRESS_LIMIT = 16;

    /** Addresses that came within this time, in milliseconds, are one set (RFC 6762, section 10.2). */
    private static final long SAME_SET = 1_000;

    private final DnsName name;
    private final Map<InetAddress, Lifetime> lifetimes = new LinkedHashMap<>();
    private final Set<DnsName> instances = new LinkedHashSet<>();

    HostRecords(DnsName name) {
        this.name = name;
    }

    DnsName name() {
        return name;
    }

    /** The instances that live here. */
    Set<DnsName> instances() {
        return instances;
    }

    List<InetAddress> addresses() {
        return List.copyOf(lifetimes.keySet());
    }

    boolean isResolved() {
        return !lifetimes.isEmpty();
    }

    void take(DnsRecord.Address record, long ttl, long now) {
        if (ttl == 0) {
            lifetimes.remove(record.address());
            return;
        }
        if (record.unique()) {
            lifetimes
                    .entrySet()
                    .removeIf(known ->
                            known.getKey().getClass() == record.address().getClass()
                                    && known.getValue().begin() + SAME_SET < now);
        }
        if (lifetimes.size() < ADDRESS_LIMIT || lifetimes.containsKey(record.address())) {
            lifetimes.put(record.address(), Lifetime.of(now, ttl));
        }
    }

    void age(long now) {
        lifetimes.values().removeIf(lifetime -> lifetime.isOver(now));
    }

    List<Question> questions(long now) {
        List<Question> questions = new ArrayList<>();
        for (var address : lifetimes.entrySet()) {
            if (address.getValue().isQuestionDue(now)) {
                boolean four = address.getKey() instanceof Inet4Address;
                questions.add(new Question(name, four ? DnsRecord.TYPE_A : DnsRecord.TYPE_AAAA));
                address.setValue(address.getValue().askedAgain());
            }
        }
        return questions;
    }

    long due() {
        return lifetimes.values().stream().mapToLong(Lifetime::due).min().orElse(Long.MAX_VALUE);
    }
}
