// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.DiscoveryBackend;

/**
 * When the backends have had time to report more nodes than those that are known. Times are those of
 * {@link System#nanoTime}.
 */
final class Settling {
    /** Nodes that are there are heard within a few hundredths of a second from each other. */
    static final Duration QUIET = Duration.ofMillis(300);

    /** Nobody may be there to be heard: a query has had its answers by then, and a group has been joined. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Set<String> unheard;
    private final Set<String> exhaustive;
    private final long begun;
    private long lastNews;

    Settling(List<DiscoverRequest.Source> sources, long begun) {
        this.unheard = ids(sources);
        // Who looks for what does not announce itself goes through a list or a range, and is done at the end of it.
        this.exhaustive = ids(sources.stream()
                .filter(source -> !source.backend().supports(DiscoveryBackend.Feature.ANNOUNCE))
                .toList());
        this.begun = begun;
        this.lastNews = begun;
    }

    /** That backend has reported a node. */
    void heard(String backend) {
        unheard.remove(backend);
    }

    /** That backend does not look any longer. */
    void ended(String backend) {
        unheard.remove(backend);
        exhaustive.remove(backend);
    }

    /** Another node is there. */
    void news(long now) {
        lastNews = now;
    }

    /** How long it takes from now if nothing else happens; longer than anybody waits where that cannot be told. */
    long nanosLeft(long now) {
        if (!exhaustive.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long quiet = lastNews + QUIET.toNanos() - now;
        long patience = unheard.isEmpty() ? 0 : begun + PATIENCE.toNanos() - now;
        return Math.max(0, Math.max(quiet, patience));
    }

    private static Set<String> ids(List<DiscoverRequest.Source> sources) {
        return sources.stream().map(source -> source.backend().id()).collect(Collectors.toCollection(HashSet::new));
    }
}
