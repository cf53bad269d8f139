// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Untrusted;

/**
 * What all nodes are to be like.
 *
 * @param cluster the name of the cluster
 * @param requirements what is needed, of all components in use
 * @param account the account that jobs will run as; absent means the one that sciabc comes with
 * @param uid the number that a new account gets where it is free
 * @param lockPatience how long to wait while somebody else installs packages
 */
public record PlanRequest(
        String cluster,
        List<Requirement> requirements,
        Optional<String> account,
        OptionalLong uid,
        Duration lockPatience) {
    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(5);

    public PlanRequest {
        requirements = requirements.stream().distinct().toList();
        if (!cluster.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException("not a cluster's name: " + Untrusted.line(cluster, 80));
        }
        if (account.isPresent() && Untrusted.user(account.get()).isEmpty()) {
            throw new IllegalArgumentException("not a user's name: " + Untrusted.line(account.get(), 80));
        }
    }

    /** For the account that sciabc comes with. */
    public static PlanRequest of(String cluster, List<Requirement> requirements) {
        return new PlanRequest(cluster, requirements, Optional.empty(), OptionalLong.empty(), LOCK_PATIENCE);
    }

    /**
     * For an account of its own on each node, which is made where it is missing.
     *
     * @param preferredUid the number that it gets where that is free
     */
    public PlanRequest withAccount(String name, OptionalLong preferredUid) {
        return new PlanRequest(cluster, requirements, Optional.of(name), preferredUid, lockPatience);
    }

    /** The account of its own as a requirement. */
    static Requirement.Account account(String name) {
        return new Requirement.Account(name, "jobs run in an account of their own");
    }
}
