// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.roster.RosterCheck;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterStore;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;

/** The nodes that earlier commands have found: what the next one begins with. */
public final class KnownNodes {
    /** Nobody waits a second for machines that are there; a lost packet is sent again after one. */
    private static final Duration LIMIT = Duration.ofMillis(800);

    /**
     * For how long a node that was announced may be used because it answers. An answer does not tell whether the machine's
     * owner still wants that: see docs/decisions/0018.
     */
    private static final Duration TRUST = Duration.ofDays(1);

    private KnownNodes() {}

    /** All that are known in this cluster. A roster that cannot be read is told, and is as good as none. */
    public static List<RosterEntry> all(Setup setup) throws SciabcException {
        RosterStore store = new RosterStore(setup.stateFolder());
        try {
            RosterStore.Stored stored = store.load();
            stored.notices().forEach(setup.session().terminal()::notice);
            return stored.entries();
        } catch (SciabcException unreadable) {
            setup.session().terminal().warning("beginning without what is known: " + unreadable.getMessage());
            return List.of();
        }
    }

    /** What the given backends have seen in this cluster. */
    public static List<RosterEntry> of(Setup setup, List<Chosen<DiscoveryBackend>> backends) throws SciabcException {
        Set<String> ids = backends.stream().map(each -> each.component().id()).collect(Collectors.toSet());
        return all(setup).stream()
                .flatMap(entry -> entry.seenThrough(ids).stream())
                .toList();
    }

    /**
     * What looking for nodes may begin with: what these backends have seen of late, as far as it announced itself in a
     * network that is used now. Nothing through those whose settings say who is there, as lists do.
     */
    static List<RosterEntry> toBeginWith(Setup setup, List<Chosen<DiscoveryBackend>> backends, Instant now)
            throws SciabcException {
        List<String> ids = ids(backends, DiscoveryBackend.Feature.ANNOUNCE, DiscoveryBackend.Feature.INTERFACES);
        if (ids.isEmpty()) {
            return List.of();
        }
        List<LocalInterface> interfaces = setup.interfaces();
        return seenOfLate(setup, ids, now)
                .filter(entry -> isIn(interfaces, entry))
                .toList();
    }

    /**
     * What a watch may begin with, which keeps lists that others use and must not shorten them until it has heard of everybody:
     * what was swept, too, since a sweep finds whatever answers there; and while this machine has no network, which a watch waits
     * for, what was seen on any.
     */
    public static List<RosterEntry> toWatch(Setup setup, List<Chosen<DiscoveryBackend>> backends, Instant now)
            throws SciabcException {
        Stream<RosterEntry> seen = seenOfLate(setup, ids(backends, DiscoveryBackend.Feature.INTERFACES), now);
        try {
            List<LocalInterface> interfaces = setup.interfaces();
            return seen.filter(entry -> isIn(interfaces, entry)).toList();
        } catch (SciabcException noNetwork) {
            return seen.toList();
        }
    }

    private static List<String> ids(List<Chosen<DiscoveryBackend>> backends, DiscoveryBackend.Feature... features) {
        return backends.stream()
                .map(Chosen::component)
                .filter(backend -> Stream.of(features).allMatch(backend::supports))
                .map(DiscoveryBackend::id)
                .toList();
    }

    private static Stream<RosterEntry> seenOfLate(Setup setup, List<String> ids, Instant now) throws SciabcException {
        return all(setup).stream()
                .flatMap(entry -> entry.seenThrough(ids).stream())
                .filter(entry -> isOfLate(entry, now));
    }

    private static boolean isOfLate(RosterEntry entry, Instant now) {
        return entry.claims().stream().anyMatch(claim -> claim.lastSeen().isAfter(now.minus(TRUST)));
    }

    private static boolean isIn(List<LocalInterface> interfaces, RosterEntry entry) {
        return entry.node().addresses().stream().anyMatch(address -> isIn(interfaces, address));
    }

    private static boolean isIn(List<LocalInterface> interfaces, InetAddress address) {
        return interfaces.stream().anyMatch(each -> {
            boolean elsewhere = address instanceof Inet6Address six
                    && six.isLinkLocalAddress()
                    && !Optional.ofNullable(six.getScopedInterface())
                            .map(NetworkInterface::getName)
                            .equals(Optional.of(each.name()));
            return !elsewhere
                    && each.addresses().stream().anyMatch(own -> own.subnet().contains(address));
        });
    }

    /** Probes them all at once. */
    public static RosterCheck.Checked check(Setup setup, List<RosterEntry> known)
            throws SciabcException, InterruptedException {
        return new RosterCheck(InstantSource.system()).check(known, setup.cluster(), LIMIT);
    }

    /** Keeps these for the next command. That it cannot be done is told, and keeps nobody from anything else. */
    public static void remember(Setup setup, List<RosterEntry> found) throws SciabcException, InterruptedException {
        if (found.isEmpty()) {
            return;
        }
        RosterStore store = new RosterStore(setup.stateFolder());
        try {
            store.save(found, InstantSource.system().instant())
                    .forEach(setup.session().terminal()::notice);
        } catch (SciabcException unwritable) {
            setup.session()
                    .terminal()
                    .warning("the nodes are not kept for the next command: " + unwritable.getMessage());
        }
    }
}
