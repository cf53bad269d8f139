// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.NodeId;

/**
 * Makes nodes of claims: first by id, then by host key, then by where they are. A pure function of the claims and of
 * what probes found out.
 *
 * <p>The claims that know most are placed first, so that those that know little find the right node.
 */
final class Merging {
    /** So many machines are compared with a claim; who makes up more of them is not worth the time. */
    private static final int MOST_CANDIDATES = 16;

    private final List<Group> groups = new ArrayList<>();
    private final Map<NodeId, List<Group>> byId = new LinkedHashMap<>();
    private final Map<String, List<Group>> byHostKey = new LinkedHashMap<>();
    private final Map<Endpoint, List<Group>> byEndpoint = new LinkedHashMap<>();
    private final Clashes clashes = new Clashes();
    private final Verdicts verdicts;

    private Merging(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    /**
     * The nodes that follow from the claims.
     *
     * @param entries sorted by name
     * @param clashes what cannot be true at once
     */
    record Merged(List<RosterEntry> entries, List<Clash> clashes) {}

    /**
     * Merges the claims.
     *
     * @param now since when the entries are in their states, for all that can be told from the claims
     */
    static Merged merge(Collection<Claim> claims, Verdicts verdicts, Instant now) {
        Merging merging = new Merging(verdicts);
        claims.stream().sorted(merging.strongestFirst()).forEach(merging::place);
        merging.groups.forEach(Group::complete);
        return merging.merged(now);
    }

    private Comparator<Claim> strongestFirst() {
        return Comparator.comparing((Claim claim) -> claim.node().id().isEmpty())
                .thenComparing(claim -> claim.node().hostKey().isEmpty())
                .thenComparing(claim -> !verdicts.isHere(claim))
                .thenComparing(claim -> claim.standing() != Claim.Standing.CURRENT)
                .thenComparing(Claim.OLDEST_FIRST);
    }

    private void place(Claim claim) {
        Group group = home(claim).orElseGet(this::newGroup);
        if (!group.add(claim)) {
            clashes.tooManyClaims(group);
            return;
        }
        claim.node().id().ifPresent(id -> index(byId, id, group));
        claim.node().hostKey().ifPresent(hostKey -> index(byHostKey, hostKey, group));
        Endpoint.of(claim.node()).forEach(endpoint -> index(byEndpoint, endpoint, group));
    }

    private Optional<Group> home(Claim claim) {
        Optional<NodeId> id = claim.node().id();
        if (id.isPresent()) {
            return withoutCopies(byId.getOrDefault(id.get(), List.of()), claim);
        }
        return claim.node()
                .hostKey()
                .flatMap(hostKey -> withoutCopies(byHostKey.getOrDefault(hostKey, List.of()), claim))
                .or(() -> sharingEndpoint(claim));
    }

    private static Optional<Group> withoutCopies(List<Group> candidates, Claim claim) {
        return candidates.stream()
                .limit(MOST_CANDIDATES)
                .filter(group -> !group.isCopiedBy(claim))
                // Of machines that were copied from each other, the one that is where the claim says.
                .min(Comparator.comparing(group -> Endpoint.of(claim.node()).noneMatch(group.endpoints()::contains)));
    }

    private Optional<Group> sharingEndpoint(Claim claim) {
        return Endpoint.of(claim.node())
                .flatMap(endpoint ->
                        byEndpoint.getOrDefault(endpoint, List.of()).stream().limit(MOST_CANDIDATES))
                .filter(group -> group.mayShareEndpointWith(claim))
                .findFirst();
    }

    private Group newGroup() {
        Group group = new Group(verdicts);
        groups.add(group);
        return group;
    }

    private static <K> void index(Map<K, List<Group>> index, K key, Group group) {
        List<Group> known = index.computeIfAbsent(key, unseen -> new ArrayList<>(1));
        if (!known.contains(group)) {
            known.add(group);
        }
    }

    private Merged merged(Instant now) {
        Map<Group, Set<Endpoint>> heldByOthers = heldByOthers();
        List<Group> placed = groups.stream()
                .filter(group -> !isHeldBack(group, heldByOthers.getOrDefault(group, Set.of())))
                .sorted(Comparator.comparing((Group group) -> !group.isHere()).thenComparing(Group::established))
                .toList();
        byHostKey.forEach((hostKey, sharing) -> clashes.sameHostKey(hostKey, sharing));
        byId.forEach((id, sharing) -> clashes.sameId(id, sharing));
        List<RosterEntry> entries = placed.stream()
                .map(group -> group.entry(heldByOthers.getOrDefault(group, Set.of()), now))
                .toList();
        return new Merged(UniqueIdentity.of(entries, clashes), clashes.all());
    }

    /** The endpoints that each group claims although another one was there before it. */
    private Map<Group, Set<Endpoint>> heldByOthers() {
        Map<Group, Set<Endpoint>> held = new HashMap<>();
        byEndpoint.forEach((endpoint, claiming) -> {
            if (claiming.size() == 1) {
                return;
            }
            List<Group> here = claiming.stream()
                    .filter(group -> group.endpoints().contains(endpoint))
                    .sorted(Group.mostEntitledFirst(endpoint))
                    .toList();
            if (here.size() > 1) {
                here.stream()
                        .skip(1)
                        .forEach(late -> held.computeIfAbsent(late, unseen -> new HashSet<>())
                                .add(endpoint));
                tellOfSharing(endpoint, here);
            } else if (here.size() == 1) {
                claiming.stream()
                        .filter(group -> !group.isHere() && group.isOtherThan(here.get(0)))
                        .findFirst()
                        .ifPresent(former -> clashes.replaced(endpoint, former, here.get(0)));
            }
        });
        return held;
    }

    /** What nobody stands by any longer claims nothing: the machine that it was about has left the place to another. */
    private void tellOfSharing(Endpoint endpoint, List<Group> here) {
        Group first = here.get(0);
        List<Group> former = here.stream()
                .skip(1)
                .filter(group -> !group.isStoodByAt(endpoint) && group.isOtherThan(first))
                .toList();
        former.forEach(group -> clashes.replaced(endpoint, group, first));
        List<Group> claiming =
                here.stream().filter(group -> !former.contains(group)).toList();
        if (claiming.size() > 1) {
            clashes.sameEndpoint(endpoint, claiming);
        }
    }

    private static boolean isHeldBack(Group group, Set<Endpoint> heldByOthers) {
        Set<Endpoint> endpoints = group.endpoints();
        return !endpoints.isEmpty() && heldByOthers.containsAll(endpoints);
    }
}
