// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private static final int MOST_ADDRESSES = 16;
    private static final Pattern HOST_KEY = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

    private final String cluster;
    private final Map<Claim.Key, Claim> claims = new HashMap<>();
    private final Map<String, Integer> claimsByBackend = new HashMap<>();
    private final Tellings tellings = new Tellings();
    private Optional<List<RosterEntry>> merged = Optional.of(List.of());

    /** An empty roster of that cluster. */
    public Roster(String cluster) {
        this.cluster = cluster;
    }

    /** Takes a sighting of that backend. What another cluster announced is dropped. */
    public synchronized void sighted(String backend, Sighting sighting, Instant now) {
        Claim.Key key = new Claim.Key(backend, sighting.source());
        if (sighting instanceof Sighting.Seen seen) {
            seen(key, seen, now);
        } else if (sighting instanceof Sighting.Lost lost) {
            Optional.ofNullable(claims.get(key)).ifPresent(claim -> put(claim.lost(lost.reason(), now)));
        }
    }

    /** All nodes that are known, gone ones included, sorted by name. */
    public synchronized List<RosterEntry> entries() {
        if (merged.isEmpty()) {
            Merging.Merged result = Merging.merge(claims.values());
            result.clashes().forEach(clash -> tellings.tell(clash.about(), clash.notice()));
            merged = Optional.of(bounded(result.entries()));
        }
        return merged.get();
    }

    /** What is worth telling since the last call. */
    public synchronized List<Notice> takeNotices() {
        entries();
        return tellings.take();
    }

    private void seen(Claim.Key key, Sighting.Seen seen, Instant now) {
        Node node = checked(seen.node());
        if (node.cluster().isPresent() && !node.cluster().get().equals(cluster)) {
            String other = Untrusted.line(node.cluster().get(), 40);
            tellings.tell(
                    "cluster " + other, Notice.info("nodes of cluster '" + other + "' are there and were left out"));
            remove(key);
            return;
        }
        Claim known = claims.get(key);
        if (known != null) {
            put(known.seenAgain(node, seen.networkInterface(), now));
        } else if (hasRoomFor(key.backend())) {
            put(Claim.first(key, node, seen.networkInterface(), firstStanding(node), now));
        } else {
            tellings.tell(
                    "room " + key.backend(),
                    Notice.warning("more than " + MOST_CLAIMS + " announcements came through " + key.backend()
                            + ": is somebody making them up? the rest is left out"));
        }
    }

    /** A new announcement of a place that does not answer is an old one, heard through somebody's cache. */
    private Claim.Standing firstStanding(Node node) {
        if (node.addresses().isEmpty()) {
            return Claim.Standing.CURRENT;
        }
        Map<Endpoint, Claim.Standing> probed = new HashMap<>();
        for (Claim claim : claims.values()) {
            if (claim.standing() == Claim.Standing.MISSED || claim.standing() == Claim.Standing.GONE) {
                Endpoint.of(claim.node()).forEach(endpoint -> probed.put(endpoint, claim.standing()));
            }
        }
        Set<Claim.Standing> here = Endpoint.of(node)
                .map(endpoint -> probed.getOrDefault(endpoint, Claim.Standing.CURRENT))
                .collect(Collectors.toSet());
        return here.stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    private void put(Claim claim) {
        Claim before = claims.put(claim.key(), claim);
        if (before == null) {
            claimsByBackend.merge(claim.key().backend(), 1, Integer::sum);
        }
        if (!claim.equals(before)) {
            merged = Optional.empty();
        }
    }

    private void remove(Claim.Key key) {
        if (claims.remove(key) != null) {
            claimsByBackend.merge(key.backend(), -1, Integer::sum);
            merged = Optional.empty();
        }
    }

    /** Makes room by forgetting who said goodbye longest ago. */
    private boolean hasRoomFor(String backend) {
        if (claimsByBackend.getOrDefault(backend, 0) < MOST_CLAIMS) {
            return true;
        }
        Optional<Claim> forgettable = claims.values().stream()
                .filter(claim -> claim.key().backend().equals(backend) && !claim.isHere())
                .min(Comparator.comparing(Claim::since));
        forgettable.ifPresent(claim -> remove(claim.key()));
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
