// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting;

/**
 * What one backend last reported under one source. Anybody can announce anything, so that it is no more than a claim; a
 * roster is the claims that it holds, and everything else follows from them.
 *
 * @param key who reported it, and under which name
 * @param node what was said
 * @param networkInterface where it was heard
 * @param firstSeen when the source was first reported
 * @param lastSeen when it was last reported, or last answered a probe
 * @param standing what speaks for or against it
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

    /** What speaks for or against a claim, from the best to the worst. */
    public enum Standing {
        /** The backend sees it, or a probe was answered. */
        CURRENT,
        /** The backend lost it, or it was only read from the disk: a probe has to decide. */
        DOUBTED,
        /** A probe went unanswered. */
        MISSED,
        /** Probes have confirmed that nothing is there. */
        GONE,
        /** It said goodbye. */
        LEFT
    }

    static Claim first(Key key, Node node, Optional<String> networkInterface, Standing standing, Instant now) {
        return new Claim(key, node, networkInterface, now, now, standing, now);
    }

    /** Whether the machine may be at the claimed addresses now. */
    boolean isHere() {
        return standing.compareTo(Standing.GONE) < 0;
    }

    /** The same after its backend reported it again. */
    Claim seenAgain(Node newNode, Optional<String> newInterface, Instant now) {
        boolean sameAddresses = new HashSet<>(newNode.addresses()).equals(new HashSet<>(node.addresses()));
        // The order may hold what a probe found out, which the backend does not know.
        Node kept = sameAddresses ? newNode.withAddresses(node.addresses()) : newNode;
        Claim again = new Claim(key, kept, newInterface, firstSeen, now, standing, since);
        return switch (standing) {
            case CURRENT -> again;
            case DOUBTED, LEFT -> again.standing(Standing.CURRENT, now);
            // A cached announcement outlives its machine: once probes speak, only probes or a new address acquit.
            case MISSED, GONE -> sharesAddress(newNode) ? again : again.standing(Standing.DOUBTED, now);
        };
    }

    /** The same after its backend lost it. */
    Claim lost(Sighting.Reason reason, Instant now) {
        return switch (reason) {
            case LEFT -> standing(Standing.LEFT, now);
            case EXPIRED, FAILED -> standing == Standing.CURRENT ? standing(Standing.DOUBTED, now) : this;
        };
    }

    Claim standing(Standing newStanding, Instant now) {
        return standing == newStanding
                ? this
                : new Claim(key, node, networkInterface, firstSeen, lastSeen, newStanding, now);
    }

    /** The same after a probe was answered at one of its addresses, which from now on comes first. */
    Claim answered(InetAddress address, Instant now) {
        List<InetAddress> reordered = new ArrayList<>(node.addresses());
        reordered.remove(address);
        reordered.add(0, address);
        Claim proven = standing(Standing.CURRENT, now);
        return new Claim(
                key,
                node.withAddresses(reordered),
                networkInterface,
                firstSeen,
                now,
                proven.standing(),
                proven.since());
    }

    private boolean sharesAddress(Node other) {
        return other.addresses().stream().anyMatch(node.addresses()::contains);
    }
}
