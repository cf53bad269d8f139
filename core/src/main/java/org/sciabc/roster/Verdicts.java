// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.Node;

/** What probes know of all endpoints. */
record Verdicts(Map<Endpoint, Verdict> byEndpoint) {

    Optional<Verdict> of(Endpoint endpoint) {
        return Optional.ofNullable(byEndpoint.get(endpoint));
    }

    boolean is(Endpoint endpoint, Verdict.Kind kind) {
        return of(endpoint).filter(verdict -> verdict.kind() == kind).isPresent();
    }

    /** Whether the machine may be where the claim says, now. */
    boolean isHere(Claim claim) {
        return claim.standing() != Claim.Standing.LEFT && !isAbsent(claim.node());
    }

    private boolean isAbsent(Node node) {
        return !node.addresses().isEmpty() && Endpoint.of(node).allMatch(endpoint -> is(endpoint, Verdict.Kind.ABSENT));
    }
}
