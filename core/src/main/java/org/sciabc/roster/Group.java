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
    /** A machine has a few interfaces and is seen by a few backends: more claims than these are somebody's mischief. */
    private static final int MOST_CLAIMS = 64;

    /** The strongest first: what the claims disagree on is taken from the first. */
    private final List<Claim> claims = new ArrayList<>();

    private final List<Claim> here = new ArrayList<>();
    private final List<Claim> notLeft = new ArrayList<>();
    private final Set<Endpoint> endpoints = new LinkedHashSet<>();
    private final Verdicts verdicts;

    Group(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    /** Takes the claim, unless there are too many already. */
    boolean add(Claim claim) {
        if (claims.size() == MOST_CLAIMS) {
            return false;
        }
        claims.add(claim);
        if (claim.standing() != Claim.Standing.LEFT) {
            notLeft.add(claim);
        }
        if (verdicts.isHere(claim)) {
            here.add(claim);
            Endpoint.of(claim.node()).forEach(endpoints::add);
        }
        return true;
    }

    /** Takes it that all claims are there: what a goodbye withdrew is not here. */
    void complete() {
        if (notLeft.size() == claims.size()) {
            return;
        }
        notLeft.removeIf(claim -> claim.isWithdrawnBy(claims));
        if (here.removeIf(claim -> claim.isWithdrawnBy(claims))) {
            endpoints.clear();
            here.forEach(claim -> Endpoint.of(claim.node()).forEach(endpoints::add));
        }
    }

    boolean isHere() {
        return !here.isEmpty();
    }

    /**
     * Of groups that claim this endpoint: who announces itself there now, the first of them; then what was announced there
     * last. A machine that is only remembered there answers no probe: the one that is there now does.
     */
    static Comparator<Group> mostEntitledFirst(Endpoint endpoint) {
        return Comparator.comparing((Group group) -> !group.isStoodByAt(endpoint))
                .thenComparing((left, right) -> left.isStoodByAt(endpoint)
                        ? left.established().compareTo(right.established())
                        : right.lastSightedAt(endpoint).compareTo(left.lastSightedAt(endpoint)));
    }

    /** Whether a backend sees it there now. */
    boolean isStoodByAt(Endpoint endpoint) {
        return hereAt(endpoint).anyMatch(claim -> claim.standing() == Claim.Standing.CURRENT);
    }

    private Instant lastSightedAt(Endpoint endpoint) {
        return hereAt(endpoint)
                .map(Claim::lastSeen)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private Stream<Claim> hereAt(Endpoint endpoint) {
        return here.stream().filter(claim -> Endpoint.of(claim.node()).anyMatch(endpoint::equals));
    }

    /** Where the machine may be now; nowhere when it is not here. */
    Set<Endpoint> endpoints() {
        return endpoints;
    }

    /** When the first of the claims that hold now was made. */
    Instant established() {
        return holding().map(Claim::firstSeen).min(Comparator.naturalOrder()).orElseThrow();
    }

    /**
     * Whether this claim, although it names the same id or host key, must come from a copy of the machine: it holds at the
     * same time, at other addresses, and under another name or host key.
     */
    boolean isCopiedBy(Claim claim) {
        if (!isHere() || !verdicts.isHere(claim) || claim.node().addresses().isEmpty()) {
            return false;
        }
        Set<InetAddress> addresses = endpoints.stream().map(Endpoint::address).collect(Collectors.toSet());
        boolean elsewhere =
                !addresses.isEmpty() && claim.node().addresses().stream().noneMatch(addresses::contains);
        return elsewhere && (contradicts(claim) || here.stream().noneMatch(known -> sameName(known, claim)));
    }

    /** Whether a claim to the same endpoint can be about this machine: only by name, when one of the two is past. */
    boolean mayShareEndpointWith(Claim claim) {
        return !contradicts(claim)
                && ((isHere() && verdicts.isHere(claim)) || claims.stream().anyMatch(known -> sameName(known, claim)));
    }

    /** Whether these are two machines for certain: the ids or the host keys of both are known and differ. */
    boolean isOtherThan(Group other) {
        return differ(id(), other.id()) || differ(first(Node::hostKey), other.first(Node::hostKey));
    }

    private static <T> boolean differ(Optional<T> left, Optional<T> right) {
        return left.isPresent() && right.isPresent() && !left.equals(right);
    }

    /** Whether both host keys are known and differ. */
    private boolean contradicts(Claim claim) {
        return claim.node().hostKey().isPresent()
                && first(Node::hostKey)
                        .filter(hostKey ->
                                !hostKey.equals(claim.node().hostKey().get()))
                        .isPresent();
    }

    /** The name by which the machine is known. It is not called by its address when anybody knows better. */
    String name() {
        List<String> names = byTrust().map(claim -> claim.node().name()).toList();
        return names.stream()
                .filter(name -> Subnet.parse(name).isEmpty())
                .findFirst()
                .orElse(names.get(0));
    }

    Optional<NodeId> id() {
        return first(Node::id);
    }

    /** The entry, without the endpoints that are held by others. */
    RosterEntry entry(Collection<Endpoint> heldByOthers, Instant now) {
        Node merged = new Node(
                id(),
                name(),
                addresses(heldByOthers),
                byTrust().findFirst().orElseThrow().node().port(),
                first(Node::user),
                byTrust().map(claim -> claim.node().hardware()).reduce(Hardware.UNKNOWN, Hardware::orElse),
                first(Node::hostKey),
                first(Node::cluster));
        return new RosterEntry(
                merged,
                state(heldByOthers),
                now,
                lastAnswer(),
                claims.stream().sorted(Claim.OLDEST_FIRST).toList());
    }

    private NodeState state(Collection<Endpoint> heldByOthers) {
        if (!isHere()) {
            return NodeState.GONE;
        }
        List<Endpoint> own = endpoints.stream()
                .filter(endpoint -> !heldByOthers.contains(endpoint))
                .toList();
        List<Verdict> answers = own.stream()
                .flatMap(endpoint -> verdicts.of(endpoint).stream())
                .filter(verdict -> verdict.kind() == Verdict.Kind.ANSWERED)
                .toList();
        boolean doubted = here.stream().anyMatch(claim -> verdicts.isDoubtedSince(claim, answers));
        boolean missed = answers.isEmpty()
                && own.stream().anyMatch(endpoint -> verdicts.of(endpoint).isPresent());
        return doubted || missed ? NodeState.SUSPECT : NodeState.ALIVE;
    }

    private Optional<Instant> lastAnswer() {
        return claims.stream()
                .flatMap(claim -> Endpoint.of(claim.node()))
                .flatMap(endpoint -> verdicts.of(endpoint).stream())
                .flatMap(verdict -> verdict.lastAnswer().stream())
                .max(Comparator.naturalOrder());
    }

    /**
     * What may answer comes before what does not, and what every program understands before link-local addresses, which mean
     * nothing without a scope; then what has answered.
     */
    private List<InetAddress> addresses(Collection<Endpoint> heldByOthers) {
        return holding()
                .flatMap(claim -> Endpoint.of(claim.node()))
                .filter(endpoint -> !heldByOthers.contains(endpoint))
                .sorted(Comparator.comparing((Endpoint endpoint) -> Math.max(1, rank(endpoint)))
                        .thenComparing(endpoint -> endpoint.address().isLinkLocalAddress())
                        .thenComparing(this::rank))
                .map(Endpoint::address)
                .distinct()
                .toList();
    }

    private int rank(Endpoint endpoint) {
        return verdicts.of(endpoint)
                .map(verdict -> switch (verdict.kind()) {
                    case ANSWERED -> 0;
                    case MISSED -> 2;
                    case ABSENT -> 3;
                })
                .orElse(1);
    }

    /** The claims that hold now; when none does, those without a goodbye; when there is none of them, all. */
    private Stream<Claim> holding() {
        return (isHere() ? here : notLeft.isEmpty() ? claims : notLeft).stream();
    }

    /** What holds now and is stood by, then what holds, then what held before. */
    private Stream<Claim> byTrust() {
        return Stream.concat(here.stream().sorted(Comparator.comparing(Claim::standing)), claims.stream());
    }

    private <T> Optional<T> first(Function<Node, Optional<T>> field) {
        return byTrust().flatMap(claim -> field.apply(claim.node()).stream()).findFirst();
    }

    private static boolean sameName(Claim left, Claim right) {
        return shortName(left).equals(shortName(right));
    }

    private static String shortName(Claim claim) {
        String name = claim.node().name().toLowerCase(Locale.ROOT);
        return Subnet.parse(name).isPresent() ? name : name.split("\\.", 2)[0];
    }
}
