// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sciabc.spi.NodeId;

/**
 * Asks the nodes that are known already, all at once, while the backends look: who answers enters the roster. Who does not
 * is as unknown to it as before, so that what a backend sees of that node is judged by itself. Belongs to one thread.
 */
final class KnownProbes {
    private final List<RosterEntry> known;
    private final NodeProbe probe;
    private final Roster roster;
    private final InstantSource clock;
    private final Consumer<Runnable> inbox;
    private final Map<Endpoint, List<RosterEntry>> byEndpoint = new HashMap<>();
    private final Set<Endpoint> open = new HashSet<>();
    private final Set<Endpoint> reacting = new HashSet<>();

    /**
     * Probes that have not begun.
     *
     * @param inbox brings replies, which come on other threads, to this one
     */
    KnownProbes(
            List<RosterEntry> known, NodeProbe probe, Roster roster, InstantSource clock, Consumer<Runnable> inbox) {
        this.known = List.copyOf(known);
        this.probe = probe;
        this.roster = roster;
        this.clock = clock;
        this.inbox = inbox;
    }

    void begin() {
        for (RosterEntry entry : known) {
            for (Endpoint endpoint : entry.endpoints()) {
                byEndpoint
                        .computeIfAbsent(endpoint, unseen -> new ArrayList<>(1))
                        .add(entry);
            }
        }
        open.addAll(byEndpoint.keySet());
        for (Endpoint endpoint : List.copyOf(open)) {
            probe.attempt(endpoint, reply -> inbox.accept(() -> replied(endpoint, reply)));
        }
    }

    /** Whether nothing more is to be learnt from probes. */
    boolean areDecided() {
        return open.isEmpty() || areAllHere();
    }

    /** Whether all that were there when they were stored are there now, and there was at least one. */
    boolean areAllHere() {
        List<RosterEntry> expected = expected();
        return !expected.isEmpty() && here(expected, roster.entries()).size() == expected.size();
    }

    /** Those that were there when they were stored, and are not here. Empty as long as that may change any moment. */
    List<RosterEntry> silent(boolean hadTime, Instant now) {
        List<RosterEntry> expected = expected();
        List<RosterEntry> here = here(expected, roster.entries());
        return expected.stream()
                .filter(entry -> !here.contains(entry))
                .filter(entry -> hadTime || entry.endpoints().stream().noneMatch(open::contains))
                .map(entry -> new RosterEntry(entry.node(), NodeState.GONE, now, entry.lastAnswer(), entry.claims()))
                .toList();
    }

    /** A node that said goodbye, was silent last time already, or is in another cluster now, is not waited for. */
    private List<RosterEntry> expected() {
        return known.stream()
                .filter(entry -> !roster.isElsewhere(entry))
                .filter(entry ->
                        entry.state() != NodeState.GONE && !entry.endpoints().isEmpty())
                .toList();
    }

    /**
     * Those that are here because a backend reports them as they were known, which may be from a memory of its own, while
     * no machine has reacted where they are said to be.
     */
    List<RosterEntry> withoutReaction() {
        Set<Claim.Key> probed = known.stream()
                .flatMap(entry -> entry.claims().stream())
                .map(Claim::key)
                .collect(Collectors.toSet());
        return roster.entries().stream()
                .filter(RosterEntry::isUsable)
                .filter(entry -> entry.claims().stream().map(Claim::key).allMatch(probed::contains))
                .filter(entry -> Endpoint.of(entry.node())
                        .allMatch(endpoint -> byEndpoint.containsKey(endpoint) && !reacting.contains(endpoint)))
                .toList();
    }

    private void replied(Endpoint endpoint, NodeProbe.Reply reply) {
        if (reply != NodeProbe.Reply.FAILED) {
            reacting.add(endpoint);
        }
        switch (reply) {
            case ACCEPTED -> {}
            case REFUSED, FAILED -> open.remove(endpoint);
            case ANSWERED, ANSWERED_COUNTING, TURNED_AWAY -> {
                open.remove(endpoint);
                roster.restored(byEndpoint.getOrDefault(endpoint, List.of()), clock.instant());
                roster.answered(endpoint, clock.instant());
            }
        }
    }

    /** Those of the wanted that are usable now: under an announcement that was theirs, or with their id. */
    private static List<RosterEntry> here(List<RosterEntry> wanted, Collection<RosterEntry> entries) {
        List<RosterEntry> usable =
                entries.stream().filter(RosterEntry::isUsable).toList();
        Set<Claim.Key> claims = usable.stream()
                .flatMap(entry -> entry.claims().stream())
                .map(Claim::key)
                .collect(Collectors.toSet());
        Set<NodeId> ids =
                usable.stream().flatMap(entry -> entry.node().id().stream()).collect(Collectors.toSet());
        return wanted.stream()
                .filter(entry -> entry.node().id().filter(ids::contains).isPresent()
                        || entry.claims().stream().map(Claim::key).anyMatch(claims::contains))
                .toList();
    }
}
