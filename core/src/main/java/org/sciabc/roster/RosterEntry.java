// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;

/**
 * One node of the roster: everything that its claims say, merged.
 *
 * @param node what is known of it; its name and its id are unique within the roster
 * @param state what the roster believes of it
 * @param since since when it is in that state
 * @param claims what it was merged from, the oldest first; never empty
 */
public record RosterEntry(Node node, NodeState state, Instant since, List<Claim> claims) {
    /** By name, as people count. */
    public static final Comparator<RosterEntry> BY_NAME =
            Comparator.comparing(entry -> entry.node().name(), NodeSet.NATURAL_ORDER);

    public RosterEntry {
        claims = List.copyOf(claims);
    }

    /** The ids of the backends that see it, sorted; for a node that is gone, of those that saw it. */
    public List<String> seenBy() {
        boolean here = claims.stream().anyMatch(Claim::isHere);
        return claims.stream()
                .filter(claim -> !here || claim.isHere())
                .map(claim -> claim.key().backend())
                .distinct()
                .sorted()
                .toList();
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
        return claims.stream()
                .map(Claim::lastSeen)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether it can be tried: it is not gone, and it is known where it is. */
    public boolean isUsable() {
        return state != NodeState.GONE && !node.addresses().isEmpty();
    }
}
