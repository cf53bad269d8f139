// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;

/**
 * One node of the roster: everything that its claims say, merged.
 *
 * @param node what is known of it; its name and its id are unique within the roster
 * @param state what the roster believes of it
 * @param since since when it is in that state
 * @param lastAnswer when it last answered a probe, to half a minute
 * @param claims what it was merged from, the oldest first; never empty
 */
public record RosterEntry(Node node, NodeState state, Instant since, Optional<Instant> lastAnswer, List<Claim> claims) {
    /** By name, as people count. */
    public static final Comparator<RosterEntry> BY_NAME =
            Comparator.comparing(entry -> entry.node().name(), NodeSet.NATURAL_ORDER);

    public RosterEntry {
        claims = List.copyOf(claims);
    }

    /** The ids of the backends that see it, sorted; when none does, of those that saw it. */
    public List<String> seenBy() {
        List<String> seeing = backends(Claim.Standing.CURRENT);
        return seeing.isEmpty() ? backends(Claim.Standing.values()) : seeing;
    }

    /** When any backend first saw it. */
    public Instant firstSeen() {
        return claims.stream()
                .map(Claim::firstSeen)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** When it was last heard of: seen by a backend, or answering a probe. */
    public Instant lastSeen() {
        return Stream.concat(claims.stream().map(Claim::lastSeen), lastAnswer.stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether it can be tried: it is not gone, and it is known where it is. */
    public boolean isUsable() {
        return state != NodeState.GONE && !node.addresses().isEmpty();
    }

    /** The same, merged from no more than what these backends saw; absent when none of them saw it. */
    public Optional<RosterEntry> seenThrough(Collection<String> backendIds) {
        List<Claim> theirs = claims.stream()
                .filter(claim -> backendIds.contains(claim.key().backend()))
                .toList();
        return theirs.isEmpty()
                ? Optional.empty()
                : Optional.of(new RosterEntry(node, state, since, lastAnswer, theirs));
    }

    /** Where probes may find it: nowhere once it said goodbye. */
    List<Endpoint> endpoints() {
        boolean left = claims.stream()
                .allMatch(claim -> claim.standing() == Claim.Standing.LEFT || claim.isWithdrawnBy(claims));
        return left ? List.of() : Endpoint.of(node).toList();
    }

    RosterEntry with(Node newNode) {
        return new RosterEntry(newNode, state, since, lastAnswer, claims);
    }

    RosterEntry with(Instant newSince) {
        return new RosterEntry(node, state, newSince, lastAnswer, claims);
    }

    private List<String> backends(Claim.Standing... standings) {
        return claims.stream()
                .filter(claim -> List.of(standings).contains(claim.standing()))
                .map(claim -> claim.key().backend())
                .distinct()
                .sorted()
                .toList();
    }
}
