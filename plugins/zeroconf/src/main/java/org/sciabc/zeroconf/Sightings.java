// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.Untrusted;

/**
 * Instances in, sightings out. What is heard of one instance on one interface, over IPv4 and over IPv6, is one source; a sighting
 * is reported when it says something new, and what is wrong with an instance is said once. Not for several threads.
 */
final class Sightings {
    /** Somebody who makes up names must not be able to fill the console. */
    private static final int NOTICE_LIMIT = 100;

    private final SightingListener listener;
    private final Departures departures;
    private final Map<Source, Heard> heard = new LinkedHashMap<>();
    private final Set<String> complained = new HashSet<>();

    Sightings(SightingListener listener, Departures departures) {
        this.listener = listener;
        this.departures = departures;
    }

    /** Is told who said goodbye, so that it is believed, or doubted, on every way that it was heard. */
    interface Departures {
        void left(LocalInterface seenOn, DnsName name);
    }

    private record Source(DnsName name, String networkInterface) {
        /** Readable, and still different for names that differ only in what cannot be printed. */
        String text() {
            String exact = name.first();
            String shown = Untrusted.line(exact, 100);
            String suffix = shown.equals(exact) ? "" : "~" + Integer.toHexString(exact.hashCode());
            return shown + suffix + "%" + networkInterface;
        }
    }

    /** What was heard of one source, by the way that it came, and what was made of it. */
    private static final class Heard {
        private final Map<String, ServiceInstance> ways = new LinkedHashMap<>();
        private Optional<Node> reported = Optional.empty();
    }

    /**
     * Takes an instance that is there.
     *
     * @param way by what it was heard, such as one of the protocol's versions; gone is what no way holds any longer
     */
    void found(LocalInterface seenOn, String way, ServiceInstance instance) {
        Source source = new Source(instance.name(), seenOn.name());
        Heard known = heard.computeIfAbsent(source, unknown -> new Heard());
        known.ways.put(way, instance);
        if (isOutdone(known, way)) {
            return;
        }
        List<InetAddress> addresses = AddressOrder.bestFirst(
                known.ways.entrySet().stream()
                        .filter(other -> !isOutdone(known, other.getKey()))
                        .map(Map.Entry::getValue)
                        .filter(other -> other.host().equals(instance.host()))
                        .flatMap(other -> other.addresses().stream())
                        .toList(),
                seenOn);
        NodeText.Reading reading = NodeText.read(
                new ServiceInstance(instance.name(), instance.host(), instance.port(), instance.text(), addresses));
        reading.complaint().ifPresent(complaint -> complain(source, complaint));
        Optional<Node> node = reading.node();
        if (node.isEmpty()) {
            report(source, known, Sighting.Reason.LEFT);
        } else if (!node.equals(known.reported)) {
            known.reported = node;
            listener.sighted(new Sighting.Seen(source.text(), node.get(), Optional.of(seenOn.name())));
        }
    }

    /** Takes that an instance said again what it said before: a sign of life. */
    void renewed(LocalInterface seenOn, DnsName name) {
        Source source = new Source(name, seenOn.name());
        Optional.ofNullable(heard.get(source))
                .flatMap(known -> known.reported)
                .ifPresent(
                        node -> listener.sighted(new Sighting.Seen(source.text(), node, Optional.of(seenOn.name()))));
    }

    /** Takes that an instance is no longer heard this way. */
    void gone(LocalInterface seenOn, String way, DnsName name, Sighting.Reason reason) {
        Source source = new Source(name, seenOn.name());
        Heard known = heard.get(source);
        if (known != null && known.ways.remove(way) != null) {
            // Who says goodbye is gone, whichever way it was said; who was only not heard may be heard another way.
            if (reason == Sighting.Reason.LEFT || !isStillHeard(known, way)) {
                heard.remove(source);
                report(source, known, reason);
                departures.left(seenOn, name);
            }
        }
    }

    /** Avahi asks once, and then believes for over an hour what we have asked for four times in vain. */
    private static boolean isStillHeard(Heard known, String lost) {
        return known.ways.keySet().stream().anyMatch(way -> isOfAvahi(lost) || !isOfAvahi(way));
    }

    private static boolean isOfAvahi(String way) {
        return way.startsWith(AvahiBrowser.WAY);
    }

    /**
     * Avahi says once where an instance is, and not when that changes: what we hear ourselves with the same version of the
     * protocol is right.
     */
    private static boolean isOutdone(Heard known, String way) {
        return Arrays.stream(IpVersion.values())
                .anyMatch(version -> way.equals(AvahiBrowser.way(version)) && known.ways.containsKey(version.name()));
    }

    /** Takes that two machines say different things of one instance. */
    void contested(LocalInterface seenOn, DnsName name, InetAddress first, InetAddress second) {
        complain(
                new Source(name, seenOn.name()),
                "two machines announce it, " + first.getHostAddress() + " and " + second.getHostAddress()
                        + ": the later one is believed until it proves who it is");
    }

    /** Says something once, however often it is noticed. */
    void once(Notice notice) {
        if (complained.size() < NOTICE_LIMIT && complained.add(notice.text())) {
            listener.notice(notice);
        }
    }

    private void complain(Source source, String complaint) {
        if (complained.size() < NOTICE_LIMIT && complained.add(source.text())) {
            listener.notice(Notice.warning(
                    "the announcement '" + Untrusted.line(source.name().first(), 100) + "' on "
                            + source.networkInterface() + " looks wrong: " + complaint));
        }
    }

    private void report(Source source, Heard known, Sighting.Reason reason) {
        if (known.reported.isPresent()) {
            known.reported = Optional.empty();
            listener.sighted(new Sighting.Lost(source.text(), reason));
        }
    }
}
