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
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/** Reports what is listed: addresses at once, names as they are found, and again when they lead elsewhere. */
final class StaticWatch {
    /** Names lead elsewhere when leases change: seldom, and nobody is helped by asking name servers all the time. */
    private static final long RHYTHM = Duration.ofSeconds(30).toNanos();

    /** Whoever edits a list waits for it; to read a small file costs nothing. */
    private static final long LOOK_AT_LIST = Duration.ofSeconds(1).toNanos();

    private final KeptList kept;
    private final Resolution resolution;
    private final Duration patience;
    private final SightingListener listener;
    private final Map<String, List<Entry>> named = new LinkedHashMap<>();
    private final Map<Entry, Node> reported = new HashMap<>();
    private final Set<String> complained = new HashSet<>();

    StaticWatch(ListSource lists, Resolution resolution, Duration patience, SightingListener listener)
            throws SciabcException {
        this.kept = new KeptList(lists, listener);
        this.resolution = resolution;
        this.patience = patience;
        this.listener = listener;
    }

    /** Goes on until interrupted; where there is a limit, only until everything is found that can be. */
    void run(Optional<Duration> limit) throws InterruptedException {
        kept.current().doubts().forEach(doubt -> listener.notice(Notice.warning(doubt)));
        kept.current().sources().forEach(this::describe);
        listed(kept.current()).forEach(this::begin);
        kept.current().sources().forEach(this::describe);
        long begun = System.nanoTime();
        long end = limit.map(given -> begun + given.toNanos()).orElse(Long.MAX_VALUE);
        look(Math.min(end, begun + patience.toNanos()), true);
        named.keySet().forEach(this::complainOf);
        if (limit.isEmpty()) {
            goOn();
        }
    }

    /** Looks at the list again and again, and more seldom where its names lead. */
    private void goOn() throws InterruptedException {
        while (true) {
            long nextQuestion = System.nanoTime() + RHYTHM;
            while (System.nanoTime() - nextQuestion < 0) {
                look(System.nanoTime() + LOOK_AT_LIST, false);
                named.keySet().stream()
                        .filter(name -> !resolution.isWaitingFor(name))
                        .forEach(this::complainOf);
                NodeList before = kept.current();
                kept.another().ifPresent(after -> follow(before, after));
            }
            named.keySet().forEach(this::complainOf);
            named.keySet().forEach(resolution::ask);
        }
    }

    /** Who is not listed any longer has left; who is new has come. */
    private void follow(NodeList before, NodeList after) {
        after.doubts().stream()
                .filter(doubt -> !before.doubts().contains(doubt))
                .forEach(doubt -> listener.notice(Notice.warning(doubt)));
        List<Entry> listedBefore = listed(before);
        List<Entry> listedAfter = listed(after);
        listedBefore.stream().filter(entry -> !listedAfter.contains(entry)).forEach(this::end);
        listedAfter.stream().filter(entry -> !listedBefore.contains(entry)).forEach(this::begin);
        after.sources().forEach(this::describe);
    }

    private static List<Entry> listed(NodeList list) {
        return list.sources().stream()
                .flatMap(source -> source.entries().stream())
                .toList();
    }

    private void end(Entry entry) {
        named.values().forEach(entries -> entries.remove(entry));
        named.values().removeIf(List::isEmpty);
        complained.remove(entry.node().host());
        if (reported.remove(entry) != null) {
            listener.sighted(new Sighting.Lost(entry.node().text(), Sighting.Reason.LEFT));
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
                kept.current().sources().forEach(this::describe);
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
