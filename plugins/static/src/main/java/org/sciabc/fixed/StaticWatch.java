// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.fixed.NodeList.Entry;
import org.sciabc.fixed.NodeList.Source;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** Reports what is listed: addresses at once, names as they are found, and again when they lead elsewhere. */
final class StaticWatch {
    /** Names lead elsewhere when leases change: seldom, and nobody is helped by asking name servers all the time. */
    private static final long RHYTHM = Duration.ofSeconds(30).toNanos();

    private final NodeList list;
    private final Resolution resolution;
    private final Duration patience;
    private final SightingListener listener;
    private final Map<String, List<Entry>> named = new LinkedHashMap<>();
    private final Map<Entry, Node> reported = new HashMap<>();
    private final Set<String> complained = new HashSet<>();

    StaticWatch(NodeList list, Resolution resolution, Duration patience, SightingListener listener) {
        this.list = list;
        this.resolution = resolution;
        this.patience = patience;
        this.listener = listener;
    }

    /** Goes on until interrupted; where there is a limit, only until everything is found that can be. */
    void run(Optional<Duration> limit) throws InterruptedException {
        list.doubts().forEach(doubt -> listener.notice(Notice.warning(doubt)));
        list.sources().forEach(this::describe);
        list.sources().stream().flatMap(source -> source.entries().stream()).forEach(this::begin);
        list.sources().forEach(this::describe);
        long begun = System.nanoTime();
        long end = limit.map(given -> begun + given.toNanos()).orElse(Long.MAX_VALUE);
        look(Math.min(end, begun + patience.toNanos()), true);
        named.keySet().forEach(this::complainOf);
        while (limit.isEmpty()) {
            look(System.nanoTime() + RHYTHM, false);
            named.keySet().forEach(resolution::ask);
        }
    }

    /** What has an address in the list is there; the others are asked for. */
    private void begin(Entry entry) {
        List<String> literals = !entry.addresses().isEmpty()
                ? entry.addresses()
                : isAddress(entry) ? List.of(entry.node().host()) : List.of();
        if (literals.isEmpty()) {
            named.computeIfAbsent(entry.node().host(), unseen -> new ArrayList<>())
                    .add(entry);
            resolution.ask(entry.node().host());
            return;
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            try {
                addresses.add(InetAddress.getByName(literal));
            } catch (UnknownHostException noSuchScope) {
                complain(literal, "this machine has no interface of that name");
            }
        }
        report(entry, addresses);
    }

    /**
     * Takes answers until then.
     *
     * @param endsEarly whether there is nothing to wait for once all names are answered
     */
    private void look(long end, boolean endsEarly) throws InterruptedException {
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (endsEarly && named.keySet().stream().noneMatch(resolution::isWaitingFor)) {
                return;
            }
            resolution.next(Duration.ofNanos(left)).ifPresent(answer -> {
                named.getOrDefault(answer.name(), List.of()).forEach(entry -> report(entry, answer.addresses()));
                list.sources().forEach(this::describe);
            });
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void report(Entry entry, List<InetAddress> addresses) {
        List<InetAddress> usable = addresses.stream().filter(this::isUsable).toList();
        if (!usable.isEmpty()) {
            Node node = entry.node().at(usable);
            if (!node.equals(reported.put(entry, node))) {
                listener.sighted(new Sighting.Seen(entry.node().text(), node, Optional.empty()));
            }
        }
    }

    private boolean isUsable(InetAddress address) {
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            complain(address.getHostAddress(), "this is not the address of one machine");
            return false;
        }
        if (address.isLinkLocalAddress() && address instanceof Inet6Address six && six.getScopeId() == 0) {
            complain(address.getHostAddress(), "a link-local address needs its interface, as in [fe80::1%eth0]");
            return false;
        }
        return true;
    }

    private void complainOf(String name) {
        if (named.getOrDefault(name, List.of()).stream().noneMatch(reported::containsKey)) {
            complain(
                    name,
                    resolution.isWaitingFor(name) ? "no name server has answered in time" : "the name has no address");
        }
    }

    private void complain(String name, String why) {
        if (complained.add(name)) {
            listener.notice(Notice.warning("listed node '" + Untrusted.line(name, 80) + "' cannot be used: " + why));
        }
    }

    private void describe(Source source) {
        int all = source.entries().size();
        long known = source.entries().stream().filter(reported::containsKey).count();
        String nodes = all == 1 ? " node listed" : " nodes listed";
        listener.listening(
                Untrusted.line(source.place(), 60),
                all + nodes + (known == all ? "" : ", " + known + " with a known address"));
    }

    private static boolean isAddress(Entry entry) {
        String host = entry.node().host();
        return Subnet.parse(host.replaceFirst("%.*", "")).isPresent();
    }
}
