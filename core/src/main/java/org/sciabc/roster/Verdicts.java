// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.Node;

/**
 * What probes know of all endpoints.
 *
 * @param byEndpoint the verdicts
 * @param doubts as which of all answers and doubts a claim's came, as of {@link Verdict#arrived}
 */
record Verdicts(Map<Endpoint, Verdict> byEndpoint, Map<Claim.Key, Long> doubts) {

    Optional<Verdict> of(Endpoint endpoint) {
        return Optional.ofNullable(byEndpoint.get(endpoint));
    }

    boolean is(Endpoint endpoint, Verdict.Kind kind) {
        return of(endpoint).filter(verdict -> verdict.kind() == kind).isPresent();
    }

    /** Whether the claim has been doubted since the last of these answers. */
    boolean isDoubtedSince(Claim claim, Collection<Verdict> answers) {
        long doubted = doubts.getOrDefault(claim.key(), Long.MAX_VALUE);
        return claim.standing() == Claim.Standing.DOUBTED
                && answers.stream().noneMatch(answer -> answer.arrived() > doubted);
    }

    /** Whether the machine may be where the claim says, now. */
    boolean isHere(Claim claim) {
        return claim.standing() != Claim.Standing.LEFT && !isAbsent(claim.node());
    }

    private boolean isAbsent(Node node) {
        return !node.addresses().isEmpty() && Endpoint.of(node).allMatch(endpoint -> is(endpoint, Verdict.Kind.ABSENT));
    }
}
