// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Subnet;

/** The claims that are about one machine, as far as can be told. Belongs to one run of {@link Merging}. */
final class Group {
    /** The strongest first: what the claims disagree on is taken from the first. */
    private final List<Claim> claims = new ArrayList<>();

    /** A machine has a few interfaces and is seen by a few backends: more claims than these are somebody's mischief. */
    private static final int MOST_CLAIMS = 64;

    /** Takes the claim, unless there are too many already. */
    boolean add(Claim claim) {
        return claims.size() < MOST_CLAIMS && claims.add(claim);
    }

    List<Claim> claims() {
        return claims;
    }

    boolean isHere() {
        return claims.stream().anyMatch(Claim::isHere);
    }

    Optional<NodeId> id() {
        return first(Node::id);
    }

    Optional<String> hostKey() {
        return first(Node::hostKey);
    }

    /** When the first of the claims that hold now was made. */
    Instant established() {
        return standingClaims().stream()
                .map(Claim::firstSeen)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Where the machine may be now; nowhere when it is not here. */
    Set<Endpoint> endpoints() {
        return claims.stream()
                .filter(Claim::isHere)
                .flatMap(claim -> Endpoint.of(claim.node()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Whether this claim, although it names the same id or host key, must come from a copy of the machine: it holds at the
     * same time, at other addresses, and under another name or host key.
     */
    boolean isCopiedBy(Claim claim) {
        if (!claim.isHere() || !isHere() || claim.node().addresses().isEmpty()) {
            return false;
        }
        List<Claim> here = claims.stream().filter(Claim::isHere).toList();
        Set<InetAddress> addresses = here.stream()
                .flatMap(known -> known.node().addresses().stream())
                .collect(Collectors.toSet());
        boolean elsewhere =
                !addresses.isEmpty() && claim.node().addresses().stream().noneMatch(addresses::contains);
        return elsewhere && (contradicts(claim) || here.stream().noneMatch(known -> sameName(known, claim)));
    }

    /** Whether both host keys are known and differ. */
    boolean contradicts(Claim claim) {
        return hostKey().isPresent()
                && claim.node().hostKey().isPresent()
                && !hostKey().equals(claim.node().hostKey());
    }

    /** Whether a claim to the same endpoint can be about this machine: only by name, when one of the two is past. */
    boolean mayShareEndpointWith(Claim claim) {
        return !contradicts(claim)
                && ((claim.isHere() && isHere()) || claims.stream().anyMatch(known -> sameName(known, claim)));
    }

    /** The entry, without the addresses that are held by others. */
    RosterEntry entry(Collection<Endpoint> heldByOthers) {
        Node merged = new Node(
                id(),
                name(),
                addresses(heldByOthers),
                standingClaims().get(0).node().port(),
                first(Node::user),
                byTrust().map(claim -> claim.node().hardware()).reduce(Hardware.UNKNOWN, Hardware::orElse),
                hostKey(),
                first(Node::cluster));
        NodeState state = state();
        return new RosterEntry(
                merged,
                state,
                since(state),
                claims.stream().sorted(Claim.OLDEST_FIRST).toList());
    }

    private NodeState state() {
        if (!isHere()) {
            return NodeState.GONE;
        }
        boolean alive = stands(Claim.Standing.CURRENT) && !stands(Claim.Standing.DOUBTED);
        return alive ? NodeState.ALIVE : NodeState.SUSPECT;
    }

    private Instant since(NodeState state) {
        Stream<Claim> deciding = switch (state) {
            case ALIVE -> claims.stream().filter(claim -> claim.standing() == Claim.Standing.CURRENT);
            case SUSPECT ->
                claims.stream().filter(claim -> claim.isHere() && claim.standing() != Claim.Standing.CURRENT);
            case GONE -> claims.stream();
        };
        Stream<Instant> moments = deciding.map(Claim::since);
        return (state == NodeState.GONE
                        ? moments.max(Comparator.naturalOrder())
                        : moments.min(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private boolean stands(Claim.Standing standing) {
        return claims.stream().anyMatch(claim -> claim.standing() == standing);
    }

    private List<InetAddress> addresses(Collection<Endpoint> heldByOthers) {
        return standingClaims().stream()
                .flatMap(claim -> Endpoint.of(claim.node()))
                .filter(endpoint -> !heldByOthers.contains(endpoint))
                .map(Endpoint::address)
                .distinct()
                .toList();
    }

    /** A machine is not called by its address when anybody knows its name. */
    private String name() {
        List<String> names =
                standingClaims().stream().map(claim -> claim.node().name()).toList();
        return names.stream()
                .filter(name -> Subnet.parse(name).isEmpty())
                .findFirst()
                .orElse(names.get(0));
    }

    /** The claims that hold now, those with the best standing first; all of them when none holds. */
    private List<Claim> standingClaims() {
        boolean here = isHere();
        return claims.stream()
                .filter(claim -> !here || claim.isHere())
                .sorted(Comparator.comparing(Claim::standing))
                .toList();
    }

    private <T> Optional<T> first(Function<Node, Optional<T>> field) {
        return byTrust()
                .map(claim -> field.apply(claim.node()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What holds now, and then what held before. */
    private Stream<Claim> byTrust() {
        return Stream.concat(standingClaims().stream(), claims.stream());
    }

    private static boolean sameName(Claim left, Claim right) {
        return shortName(left).equals(shortName(right));
    }

    private static String shortName(Claim claim) {
        String name = claim.node().name().toLowerCase(Locale.ROOT);
        return Subnet.parse(name).isPresent() ? name : name.split("\\.", 2)[0];
    }
}
