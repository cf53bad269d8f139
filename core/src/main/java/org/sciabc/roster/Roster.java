// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.Untrusted;

/**
 * All nodes of one cluster that are known now, merged from all sightings. May be used by many threads at once: sightings
 * are cheap to take, and are merged when somebody asks for the entries.
 */
public final class Roster {
    /** The claims that are held for one backend: 2,000 machines with two addresses each, or a rogue. */
    static final int MOST_CLAIMS = 4_000;

    /** The nodes that are listed. */
    static final int MOST_ENTRIES = 2_000;

    /** The other clusters that are named. */
    private static final int MOST_CLUSTERS = 20;

    private static final int MOST_ADDRESSES = 16;
    private static final Pattern HOST_KEY = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

    private final String cluster;
    private final Map<Claim.Key, Claim> claims = new HashMap<>();
    private final Map<String, Integer> claimsByBackend = new HashMap<>();
    private final Tellings tellings = new Tellings();
    private final Tellings changes = new Tellings();
    private final Map<Endpoint, Verdict> verdicts = new HashMap<>();
    private final Map<Claim.Key, Long> doubts = new HashMap<>();
    private final Set<Claim.Key> elsewhere = new HashSet<>();
    private final Set<String> otherClusters = new HashSet<>();
    private long arrivals;
    private Instant lastChange = Instant.EPOCH;
    private List<RosterEntry> entries = List.of();
    private Set<Endpoint> suspects = Set.of();
    private boolean merged = true;

    /** An empty roster of that cluster. */
    public Roster(String cluster) {
        this.cluster = cluster;
    }

    /** The cluster whose nodes are listed. */
    public String cluster() {
        return cluster;
    }

    /** Takes a sighting of that backend. What another cluster announced is dropped. */
    public synchronized void sighted(String backend, Sighting sighting, Instant now) {
        Claim.Key key = new Claim.Key(backend, sighting.source());
        if (sighting instanceof Sighting.Seen seen) {
            seen(key, seen, now);
        } else if (sighting instanceof Sighting.Lost lost) {
            Optional.ofNullable(claims.get(key)).ifPresent(claim -> put(claim.lost(lost.reason(), now), now));
        }
    }

    /** Takes it that nothing is heard any longer on these interfaces of this machine. */
    synchronized void lostNetworks(Set<String> interfaces, Instant now) {
        doubt(claim -> claim.networkInterface().filter(interfaces::contains).isPresent(), now);
    }

    /** Takes it that a backend is not running any longer. */
    synchronized void ended(String backend, Instant now) {
        doubt(claim -> claim.key().backend().equals(backend), now);
    }

    private void doubt(Predicate<Claim> which, Instant now) {
        List.copyOf(claims.values()).stream().filter(which).forEach(claim -> put(claim.doubted(now), now));
    }

    /** Takes entries that were stored. Nothing speaks for them until they are seen again or answer a probe. */
    public synchronized void restored(List<RosterEntry> stored, Instant now) {
        for (RosterEntry entry : stored) {
            if (isElsewhere(entry)) {
                continue;
            }
            for (Claim claim : entry.claims()) {
                Claim known = claims.get(claim.key());
                if (known != null) {
                    // Who was known first keeps a name that others bear, too.
                    put(known.knownSince(claim.firstSeen()), now);
                } else if (hasRoomFor(claim.key().backend())) {
                    put(claim.doubted(now), now);
                }
            }
            Stream.concat(entry.endpoints().stream(), unheard(entry))
                    .forEach(endpoint ->
                            verdicts.putIfAbsent(endpoint, new Verdict(Verdict.Kind.ABSENT, entry.lastAnswer(), 0)));
        }
    }

    /** Whether a source of its claims announces itself as one of another cluster's nodes now. */
    synchronized boolean isElsewhere(RosterEntry entry) {
        return entry.claims().stream().map(Claim::key).anyMatch(elsewhere::contains);
    }

    /** Where it was seen once, as on another interface: to be there takes a sighting or an answer, too. */
    private Stream<Endpoint> unheard(RosterEntry entry) {
        return entry.claims().stream()
                .map(Claim::key)
                .map(claims::get)
                .filter(claim -> claim != null && claim.standing() == Claim.Standing.DOUBTED)
                .flatMap(claim -> Endpoint.of(claim.node()))
                .filter(endpoint -> claims.values().stream()
                        .noneMatch(claim -> claim.standing() == Claim.Standing.CURRENT
                                && Endpoint.of(claim.node()).anyMatch(endpoint::equals)));
    }

    /** Takes an answer to a probe. */
    synchronized void answered(Endpoint endpoint, Instant now) {
        Optional<Verdict> before = Optional.ofNullable(verdicts.get(endpoint));
        boolean settled = merged && !suspects.contains(endpoint);
        if (!settled || before.filter(verdict -> verdict.isRecentAnswer(now)).isEmpty()) {
            verdicts.put(endpoint, new Verdict(Verdict.Kind.ANSWERED, Optional.of(now), ++arrivals));
            changed(now);
        }
    }

    /** Takes it that these have not answered for a while. */
    synchronized void missed(Collection<Endpoint> endpoints, Instant now) {
        judge(endpoints, Verdict.Kind.MISSED, now);
    }

    /** Takes it that nothing is there. */
    synchronized void absent(Collection<Endpoint> endpoints, Instant now) {
        judge(endpoints, Verdict.Kind.ABSENT, now);
    }

    /** Forgets the nodes that are gone since before that, and that nobody stands by: who is listed is reported once. */
    synchronized void forget(Instant before, Instant now) {
        entries().stream()
                .filter(entry ->
                        entry.state() == NodeState.GONE && entry.since().isBefore(before))
                .filter(entry -> entry.claims().stream().noneMatch(claim -> claim.standing() == Claim.Standing.CURRENT))
                .flatMap(entry -> entry.claims().stream())
                .forEach(claim -> remove(claim.key(), now));
        verdicts.keySet()
                .retainAll(claims.values().stream()
                        .flatMap(claim -> Endpoint.of(claim.node()))
                        .collect(Collectors.toSet()));
    }

    /** All nodes that are known, gone ones included, sorted by name. */
    public synchronized List<RosterEntry> entries() {
        if (!merged) {
            Merging.Merged result = Merging.merge(claims.values(), new Verdicts(verdicts, doubts), lastChange);
            result.clashes().forEach(this::tell);
            entries = bounded(keepingTimes(result.entries()));
            suspects = entries.stream()
                    .filter(entry -> entry.state() == NodeState.SUSPECT)
                    .flatMap(entry -> Endpoint.of(entry.node()))
                    .collect(Collectors.toSet());
            merged = true;
        }
        return entries;
    }

    /** What is worth telling since the last call. */
    public synchronized List<Notice> takeNotices() {
        List<Notice> notices = new ArrayList<>(takeChanges());
        notices.addAll(tellings.take());
        return notices;
    }

    /** That machines are elsewhere than before, or others where they were, which is then none of the notices any more. */
    synchronized List<Notice> takeChanges() {
        entries();
        return changes.take();
    }

    private void tell(Clash clash) {
        (clash.isChange() ? changes : tellings).tell(clash.about(), clash.notice());
    }

    private void seen(Claim.Key key, Sighting.Seen seen, Instant now) {
        Node node = checked(seen.node());
        if (node.cluster().isPresent() && !node.cluster().get().equals(cluster)) {
            seenElsewhere(key, node, Untrusted.line(node.cluster().get(), 40), now);
            return;
        }
        elsewhere.remove(key);
        Claim known = claims.get(key);
        if (known != null) {
            Changes.between(known.node(), node).forEach(this::tell);
            put(known.seenAgain(node, seen.networkInterface(), now), now);
        } else if (hasRoomFor(key.backend())) {
            put(Claim.first(key, node, seen.networkInterface(), now), now);
        } else {
            tellings.tell(
                    "room " + key.backend(),
                    Notice.warning("more than " + MOST_CLAIMS + " announcements came through " + key.backend()
                            + ": is somebody making them up? the rest is left out"));
        }
    }

    private void seenElsewhere(Claim.Key key, Node node, String other, Instant now) {
        if (otherClusters.size() < MOST_CLUSTERS && otherClusters.add(other)) {
            tellings.tell(
                    "cluster " + other, Notice.info("nodes of cluster '" + other + "' are there and were left out"));
        }
        if (elsewhere.size() < MOST_CLAIMS) {
            elsewhere.add(key);
        }
        remove(key, now);
        // What is only remembered of it, as of another interface, is out of date, too.
        List.copyOf(claims.values()).stream()
                .filter(claim -> claim.standing() != Claim.Standing.CURRENT && isSameMachine(claim.node(), node))
                .forEach(claim -> remove(claim.key(), now));
    }

    private static boolean isSameMachine(Node one, Node other) {
        return one.id().equals(other.id())
                && (one.id().isPresent() || !Collections.disjoint(one.addresses(), other.addresses()));
    }

    private void judge(Collection<Endpoint> endpoints, Verdict.Kind kind, Instant now) {
        for (Endpoint endpoint : endpoints) {
            Optional<Verdict> before = Optional.ofNullable(verdicts.get(endpoint));
            if (before.filter(verdict -> verdict.kind() == kind).isEmpty()) {
                verdicts.put(endpoint, new Verdict(kind, before.flatMap(Verdict::lastAnswer), 0));
                changed(now);
            }
        }
    }

    private void put(Claim claim, Instant now) {
        Claim before = claims.put(claim.key(), claim);
        if (before == null) {
            claimsByBackend.merge(claim.key().backend(), 1, Integer::sum);
        }
        if (claim.standing() != Claim.Standing.DOUBTED) {
            doubts.remove(claim.key());
        } else {
            doubts.computeIfAbsent(claim.key(), fresh -> ++arrivals);
        }
        if (!claim.equals(before)) {
            changed(now);
        }
    }

    private void remove(Claim.Key key, Instant now) {
        if (claims.remove(key) != null) {
            doubts.remove(key);
            claimsByBackend.merge(key.backend(), -1, Integer::sum);
            changed(now);
        }
    }

    private void changed(Instant now) {
        lastChange = now;
        merged = false;
    }

    /** Entries whose state is what it was keep the time since when it is so. */
    private List<RosterEntry> keepingTimes(List<RosterEntry> fresh) {
        Map<Claim.Key, RosterEntry> before = new HashMap<>();
        entries.forEach(entry -> entry.claims().forEach(claim -> before.put(claim.key(), entry)));
        return fresh.stream()
                .map(entry -> entry.claims().stream()
                        .flatMap(claim -> Optional.ofNullable(before.get(claim.key())).stream())
                        .filter(known -> known.state() == entry.state())
                        .findFirst()
                        .map(known -> entry.with(known.since()))
                        .orElse(entry))
                .toList();
    }

    /** Makes room by forgetting who said goodbye longest ago, or else who has been lost for longest and is not there. */
    private boolean hasRoomFor(String backend) {
        if (claimsByBackend.getOrDefault(backend, 0) < MOST_CLAIMS) {
            return true;
        }
        Verdicts known = new Verdicts(verdicts, doubts);
        Optional<Claim> forgettable = claims.values().stream()
                .filter(claim -> claim.key().backend().equals(backend)
                        && claim.standing() != Claim.Standing.CURRENT
                        && !known.isHere(claim))
                .min(Comparator.comparing((Claim claim) -> claim.standing() != Claim.Standing.LEFT)
                        .thenComparing(Claim::since));
        forgettable.ifPresent(claim -> remove(claim.key(), lastChange));
        return forgettable.isPresent();
    }

    private List<RosterEntry> bounded(List<RosterEntry> entries) {
        if (entries.size() <= MOST_ENTRIES) {
            return entries;
        }
        tellings.tell(
                "entries",
                Notice.warning("more than " + MOST_ENTRIES + " nodes were announced: is somebody making them up? "
                        + "those that came last are left out"));
        return entries.stream()
                .sorted(Comparator.comparing((RosterEntry entry) -> entry.state() == NodeState.GONE)
                        .thenComparing(RosterEntry::firstSeen))
                .limit(MOST_ENTRIES)
                .sorted(RosterEntry.BY_NAME)
                .toList();
    }

    /** A node as it may enter: only addresses that can be a machine's, only a host key that can be one. */
    private static Node checked(Node node) {
        List<InetAddress> possible = node.addresses().stream()
                .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress())
                .distinct()
                .toList();
        // Debian gives a machine's own name 127.0.1.1, and some announce it: it means whoever reads it.
        List<InetAddress> remote = possible.stream()
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        List<InetAddress> kept = remote.isEmpty() ? possible : remote;
        return new Node(
                node.id(),
                node.name(),
                kept.subList(0, Math.min(MOST_ADDRESSES, kept.size())),
                node.port(),
                node.user(),
                node.hardware(),
                node.hostKey().filter(HOST_KEY.asMatchPredicate()),
                node.cluster());
    }
}
