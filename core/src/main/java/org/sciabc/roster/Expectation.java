// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** When enough nodes are there. */
record Expectation(OptionalInt nodes) {
    /**
     * The first sighting of a node often lacks what its announcement says, which follows at once; nodes of 2016 say nothing
     * and are counted after this time.
     */
    static final Duration GRACE = Duration.ofMillis(300);

    /** The moment from which on enough of these are complete; absent when there are too few. */
    Optional<Instant> metAt(List<RosterEntry> entries) {
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        List<Instant> complete = entries.stream()
                .filter(entry -> entry.state() == NodeState.ALIVE && entry.isUsable())
                .map(Expectation::completeAt)
                .sorted()
                .toList();
        int enough = nodes.getAsInt();
        return complete.size() < enough || enough < 1 ? Optional.empty() : Optional.of(complete.get(enough - 1));
    }

    private static Instant completeAt(RosterEntry entry) {
        return entry.node().id().isPresent()
                ? entry.firstSeen()
                : entry.firstSeen().plus(GRACE);
    }
}
