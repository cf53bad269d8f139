// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting;

/**
 * What one backend last reported under one source. Anybody can announce anything, so that it is no more than a claim;
 * nodes follow from claims and from what probes found out.
 *
 * @param key who reported it, and under which name
 * @param node what was said
 * @param networkInterface where it was heard
 * @param firstSeen when the source was first reported
 * @param lastSeen when it was last reported
 * @param standing whether the backend stands by it
 * @param since since when that is so
 */
public record Claim(
        Key key,
        Node node,
        Optional<String> networkInterface,
        Instant firstSeen,
        Instant lastSeen,
        Standing standing,
        Instant since) {

    /** The oldest first; the same order in every run. */
    static final Comparator<Claim> OLDEST_FIRST = Comparator.comparing(Claim::firstSeen)
            .thenComparing(claim -> claim.key().backend())
            .thenComparing(claim -> claim.key().source());

    /**
     * The source of a claim.
     *
     * @param backend the backend's id
     * @param source the backend's own name for the announcement
     */
    public record Key(String backend, String source) {}

    /** Whether the backend stands by a claim. */
    public enum Standing {
        /** It sees it. */
        CURRENT,
        /** It lost it without a goodbye, or is not running. */
        DOUBTED,
        /** It heard a goodbye. */
        LEFT
    }

    static Claim first(Key key, Node node, Optional<String> networkInterface, Instant now) {
        return new Claim(key, node, networkInterface, now, now, Standing.CURRENT, now);
    }

    /** The same after its backend reported it again. */
    Claim seenAgain(Node newNode, Optional<String> newInterface, Instant now) {
        return new Claim(
                key,
                newNode,
                newInterface,
                firstSeen,
                now,
                Standing.CURRENT,
                standing == Standing.CURRENT ? since : now);
    }

    /** The same, as it was known before already. */
    Claim knownSince(Instant earlier) {
        return earlier.isBefore(firstSeen)
                ? new Claim(key, node, networkInterface, earlier, lastSeen, standing, since)
                : this;
    }

    /** The same after its backend lost it. */
    Claim lost(Sighting.Reason reason, Instant now) {
        return switch (reason) {
            case LEFT -> standing(Standing.LEFT, now);
            case EXPIRED, FAILED -> doubted(now);
        };
    }

    /** The same when nobody stands by it any longer. */
    Claim doubted(Instant now) {
        return standing == Standing.CURRENT ? standing(Standing.DOUBTED, now) : this;
    }

    /**
     * Whether a goodbye speaks for this, too: one that its backend heard of the same machine when this was doubted already, on
     * another interface or from a later start.
     */
    boolean isWithdrawnBy(Collection<Claim> ofTheSameMachine) {
        return standing == Standing.DOUBTED
                && ofTheSameMachine.stream()
                        .anyMatch(other -> other.standing == Standing.LEFT
                                && other.key.backend().equals(key.backend())
                                && since.isBefore(other.since));
    }

    private Claim standing(Standing newStanding, Instant now) {
        return new Claim(
                key, node, networkInterface, firstSeen, lastSeen, newStanding, standing == newStanding ? since : now);
    }
}
