// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.Sighting.Reason;

/**
 * What one link is known to offer of one type of service: records in, instances found and gone out, and the questions that it
 * takes to know the rest. Not for several threads. Bounded: whoever floods the link fills this table and no more.
 */
final class ServiceTable {
    /** More instances than this on one link are ignored. */
    static final int INSTANCE_LIMIT = 2_000;

    /** The addresses of so many hosts that no instance is known to live on are kept, the newest. */
    private static final int STRANGER_LIMIT = 256;

    /** A day, in seconds: whatever promises to last longer is asked again by then. */
    private static final long TTL_LIMIT = 86_400;

    private final DnsName serviceType;
    private final Map<DnsName, InstanceRecords> instances = new LinkedHashMap<>();
    private final Map<DnsName, HostRecords> hosts = new HashMap<>();
    private final Map<DnsName, HostRecords> strangers = new LinkedHashMap<>();
    private final Set<DnsName> touched = new LinkedHashSet<>();
    private final Doubts doubts = new Doubts();
    private boolean overfull;

    ServiceTable(DnsName serviceType) {
        this.serviceType = serviceType;
    }

    /** What became known by a message, or by the passing of time. */
    sealed interface Change {
        /** An instance is there, or says something else than before. */
        record Found(ServiceInstance instance) implements Change {}

        /** An instance said again that it is there, after a while of silence. */
        record Renewed(DnsName name) implements Change {}

        /** An instance is no longer there. */
        record Gone(DnsName name, Reason reason) implements Change {}

        /** Two machines say different things of one instance; the later one is believed. */
        record Contested(DnsName name, InetAddress first, InetAddress second) implements Change {}
    }

    /**
     * Takes the records of a response.
     *
     * @param sender whose response it is
     * @param leastTtl what a time to live is raised to, in seconds, for answers whose sender was bound to understate it (RFC
     *     6762, section 6.7); zero otherwise
     */
    List<Change> take(List<DnsRecord> records, InetAddress sender, long now, long leastTtl) {
        List<Change> changes = new ArrayList<>();
        // In this order, whatever the sender's: each kind matters only because of one before it.
        each(records, DnsRecord.Pointer.class, leastTtl, (pointer, ttl) -> takePointer(pointer, ttl, now, changes));
        each(records, DnsRecord.Server.class, leastTtl, (server, ttl) -> takeServer(server, ttl, sender, now, changes));
        each(records, DnsRecord.Text.class, leastTtl, (text, ttl) -> takeText(text, ttl, sender, now, changes));
        each(records, DnsRecord.Address.class, leastTtl, (address, ttl) -> takeAddress(address, ttl, now));
        report(now, changes);
        return changes;
    }

    /** Removes what has run out. */
    List<Change> age(long now) {
        List<Change> changes = new ArrayList<>();
        hosts.values().forEach(host -> host.age(now));
        for (InstanceRecords records : List.copyOf(instances.values())) {
            if (records.isOver(now)) {
                remove(records, Reason.EXPIRED, changes);
            }
        }
        touched.addAll(instances.keySet());
        report(now, changes);
        return changes;
    }

    /**
     * Takes that somebody said goodbye in this instance's name, elsewhere. It counts as gone here, too, and is asked whether it
     * is: anybody can say goodbye in anybody's name, and who only changed one of two names is still there.
     */
    void doubt(DnsName name, long now) {
        InstanceRecords known = instances.remove(name);
        if (known != null) {
            leaveHost(known);
            doubts.begin(name, now);
        }
    }

    /** The questions that are due by now; each counts as asked. */
    List<Question> questions(long now) {
        Set<Question> questions = new LinkedHashSet<>();
        instances
                .values()
                .forEach(records -> questions.addAll(records.questions(now, serviceType, isResolved(records))));
        hosts.values().forEach(host -> questions.addAll(host.questions(now)));
        questions.addAll(doubts.questions(now));
        return List.copyOf(questions);
    }

    /** The instances that need not be told again: those that hold for more than half of their time. */
    List<DnsRecord.Pointer> known(long now) {
        return instances.values().stream()
                .filter(records -> records.pointer().remaining(now) * 2_000
                        > records.pointer().length())
                .map(records ->
                        new DnsRecord.Pointer(serviceType, records.pointer().remaining(now), records.name()))
                .toList();
    }

    /** When {@link #age} or {@link #questions} has something to do next; {@link Long#MAX_VALUE} for never. */
    long due() {
        return LongStream.concat(
                        instances.values().stream().mapToLong(records -> records.due(isResolved(records))),
                        hosts.values().stream().mapToLong(HostRecords::due))
                .reduce(doubts.due(), Math::min);
    }

    /** The instances of which it is not known where they live. */
    List<DnsName> unresolved() {
        return instances.values().stream()
                .filter(records -> !records.isReported())
                .map(InstanceRecords::name)
                .toList();
    }

    /** How many instances are known, resolved or not. */
    int size() {
        return instances.size();
    }

    /** Whether there were more instances than are kept. */
    boolean isOverfull() {
        return overfull;
    }

    private void takePointer(DnsRecord.Pointer pointer, long ttl, long now, List<Change> changes) {
        if (!pointer.name().equals(serviceType) || !pointer.target().isChildOf(serviceType)) {
            return;
        }
        Optional<InstanceRecords> known = Optional.ofNullable(instances.get(pointer.target()));
        if (ttl == 0) {
            known.ifPresent(records -> left(records, now, changes));
        } else if (known.isPresent()) {
            if (known.get().renew(Lifetime.of(now, ttl))) {
                changes.add(new Change.Renewed(pointer.target()));
            }
        } else if (instances.size() >= INSTANCE_LIMIT) {
            overfull = true;
        } else {
            doubts.end(pointer.target());
            instances.put(pointer.target(), new InstanceRecords(pointer.target(), Lifetime.of(now, ttl), now));
        }
    }

    private void takeServer(DnsRecord.Server server, long ttl, InetAddress sender, long now, List<Change> changes) {
        if (ttl > 0 && doubts.end(server.name())) {
            instances.put(server.name(), new InstanceRecords(server.name(), Lifetime.of(now, ttl), now));
        }
        @Nullable InstanceRecords records = instances.get(server.name());
        if (records == null) {
            return;
        }
        if (ttl == 0) {
            left(records, now, changes);
            return;
        }
        if (!records.host().equals(Optional.of(server.target()))) {
            leaveHost(records);
            hosts.computeIfAbsent(server.target(), target -> adopt(target, now))
                    .instances()
                    .add(records.name());
        }
        records.server(server, Lifetime.of(now, ttl), sender)
                .ifPresent(first -> changes.add(new Change.Contested(records.name(), first, sender)));
        touched.add(records.name());
    }

    private void takeText(DnsRecord.Text text, long ttl, InetAddress sender, long now, List<Change> changes) {
        @Nullable InstanceRecords records = instances.get(text.name());
        // A text's goodbye says nothing that the pointer's does not say better.
        if (records != null && ttl > 0) {
            records.text(text.text(), Lifetime.of(now, ttl), sender)
                    .ifPresent(first -> changes.add(new Change.Contested(records.name(), first, sender)));
            touched.add(records.name());
        }
    }

    private void takeAddress(DnsRecord.Address address, long ttl, long now) {
        @Nullable HostRecords host = hosts.get(address.name());
        if (host != null) {
            host.take(address, ttl, now);
            touched.addAll(host.instances());
            return;
        }
        strangers.computeIfAbsent(address.name(), HostRecords::new).take(address, ttl, now);
        if (strangers.size() > STRANGER_LIMIT) {
            strangers.remove(strangers.keySet().iterator().next());
        }
    }

    /** A host may announce its address before the instance that lives there, and does not repeat it for a second. */
    private HostRecords adopt(DnsName target, long now) {
        @Nullable HostRecords stranger = strangers.remove(target);
        if (stranger == null) {
            return new HostRecords(target);
        }
        stranger.age(now);
        return stranger;
    }

    private void left(InstanceRecords records, long now, List<Change> changes) {
        remove(records, Reason.LEFT, changes);
        doubts.begin(records.name(), now);
    }

    private void remove(InstanceRecords records, Reason reason, List<Change> changes) {
        instances.remove(records.name());
        leaveHost(records);
        if (records.isReported()) {
            changes.add(new Change.Gone(records.name(), reason));
        }
    }

    private void leaveHost(InstanceRecords records) {
        @Nullable HostRecords host = records.host().map(hosts::get).orElse(null);
        if (host != null
                && host.instances().remove(records.name())
                && host.instances().isEmpty()) {
            hosts.remove(host.name());
        }
    }

    private void report(long now, List<Change> changes) {
        for (DnsName name : touched) {
            @Nullable InstanceRecords records = instances.get(name);
            if (records != null) {
                records.news(
                                now,
                                records.host()
                                        .map(hosts::get)
                                        .map(HostRecords::addresses)
                                        .orElse(List.of()))
                        .ifPresent(instance -> changes.add(new Change.Found(instance)));
            }
        }
        touched.clear();
    }

    private boolean isResolved(InstanceRecords records) {
        return records.host().map(hosts::get).map(HostRecords::isResolved).orElse(false);
    }

    private static <R extends DnsRecord> void each(
            List<DnsRecord> records, Class<R> kind, long leastTtl, Taker<R> taker) {
        for (DnsRecord record : records) {
            if (kind.isInstance(record)) {
                long ttl = record.ttl() == 0 ? 0 : Math.min(TTL_LIMIT, Math.max(leastTtl, record.ttl()));
                taker.take(kind.cast(record), ttl);
            }
        }
    }

    private interface Taker<R> {
        void take(R record, long ttl);
    }
}
