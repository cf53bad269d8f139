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
 * @param distribution the distribution that runs here, for nodes that need it; absent when it is not an unpacked one
 * @param packages where packages are taken from instead of the nodes' mirrors; absent means from there
 */
public record PlanRequest(
        String cluster,
        List<Requirement> requirements,
        Optional<String> account,
        OptionalLong uid,
        Duration lockPatience,
        Optional<LocalDistribution> distribution,
        Optional<PackageFolder> packages) {
    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(5);

    /** Below what distributions give to people by themselves, and to containers; see login.defs(5). */
    private static final long FIRST_UID = 20_000;

    private static final int UIDS = 10_000;

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
        return new PlanRequest(
                cluster,
                requirements,
                Optional.empty(),
                OptionalLong.empty(),
                LOCK_PATIENCE,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * For an account of its own on each node, which is made where it is missing.
     *
     * @param preferredUid the number that it gets where that is free
     */
    public PlanRequest withAccount(String name, OptionalLong preferredUid) {
        return new PlanRequest(
                cluster, requirements, Optional.of(name), preferredUid, lockPatience, distribution, packages);
    }

    /** The same for other requirements. */
    PlanRequest withRequirements(List<Requirement> others) {
        return new PlanRequest(cluster, others, account, uid, lockPatience, distribution, packages);
    }

    /** The same with what is to be sent to nodes that need a distribution. */
    public PlanRequest withDistribution(LocalDistribution own) {
        return new PlanRequest(cluster, requirements, account, uid, lockPatience, Optional.of(own), packages);
    }

    /** The same with packages from files of the manager's. */
    public PlanRequest withPackagesFrom(PackageFolder folder) {
        return new PlanRequest(cluster, requirements, account, uid, lockPatience, distribution, Optional.of(folder));
    }

    /** The same with a number that follows from the name, so that an account has one number on all nodes where it is free. */
    public PlanRequest withAccount(String name) {
        return withAccount(name, OptionalLong.of(FIRST_UID + Math.floorMod(name.hashCode(), UIDS)));
    }

    /** The account in use, where that is not the one that sciabc comes with. */
    Optional<String> accountBeside(String login) {
        return account.filter(name -> !name.equals(login));
    }

    /** The account of its own as a requirement. */
    static Requirement.Account account(String name) {
        return new Requirement.Account(name, "jobs run in an account of their own");
    }
}
