// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change of the roster.
 *
 * @param kind what happened
 * @param at when it was noticed
 * @param entry the node, as it is after the change
 */
public record RosterEvent(Kind kind, Instant at, RosterEntry entry) {
    /** What can happen to a node. */
    public enum Kind {
        /** It is there, and was not before. */
        JOINED,
        /** It is there, and something is known of it that was not before. */
        UPDATED,
        /** It may not be there any longer. */
        SUSPECT,
        /** It is gone. */
        LEFT
    }

    /** What happened between two states of a roster, in the order of the names. */
    static List<RosterEvent> between(List<RosterEntry> before, List<RosterEntry> after, Instant at) {
        Map<Claim.Key, RosterEntry> beforeByClaim = new HashMap<>();
        before.forEach(entry -> entry.claims().forEach(claim -> beforeByClaim.put(claim.key(), entry)));
        Set<RosterEntry> continued = Collections.newSetFromMap(new IdentityHashMap<>());
        List<RosterEvent> events = new ArrayList<>();
        for (RosterEntry entry : after) {
            // Of two entries that turned out to be one node, the one that was known first goes on.
            Optional<RosterEntry> known = entry.claims().stream()
                    .flatMap(claim -> Optional.ofNullable(beforeByClaim.get(claim.key())).stream())
                    .filter(candidate -> !continued.contains(candidate))
                    .max(Comparator.comparing(RosterEntry::isUsable));
            known.ifPresent(continued::add);
            kind(known, entry).ifPresent(kind -> events.add(new RosterEvent(kind, at, entry)));
        }
        before.stream()
                .filter(entry -> entry.isUsable() && !continued.contains(entry))
                .forEach(entry -> events.add(new RosterEvent(Kind.LEFT, at, entry)));
        return events;
    }

    private static Optional<Kind> kind(Optional<RosterEntry> known, RosterEntry entry) {
        boolean wasThere = known.filter(RosterEntry::isUsable).isPresent();
        if (!entry.isUsable()) {
            return wasThere ? Optional.of(Kind.LEFT) : Optional.empty();
        }
        if (!wasThere) {
            return Optional.of(Kind.JOINED);
        }
        RosterEntry before = known.orElseThrow();
        if (entry.state() == NodeState.SUSPECT && before.state() != NodeState.SUSPECT) {
            return Optional.of(Kind.SUSPECT);
        }
        boolean same = before.node().equals(entry.node())
                && before.state() == entry.state()
                && before.seenBy().equals(entry.seenBy());
        return same ? Optional.empty() : Optional.of(Kind.UPDATED);
    }
}
