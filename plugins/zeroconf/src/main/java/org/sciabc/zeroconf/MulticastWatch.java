// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/**
 * Watches with sockets of its own, on all links at once and on the thread that calls, for as long as was asked. Where Avahi runs,
 * it asks for us and we only listen beside it: so we hear goodbyes a second before Avahi passes them on.
 */
final class MulticastWatch {
    private static final String WHAT = "cannot look for nodes with multicast DNS";
    private static final String AVAHI = "avahi";
    private static final long CHECK_INTERFACES_EVERY = 1_000;

    /** After so many messages in a row, what is due is done before more are read. */
    private static final int MESSAGES_IN_A_ROW = 1_000;

    private final WatchRequest request;
    private final SightingListener listener;
    private final Interfaces interfaces;
    private final LongSupplier clock;
    private final Optional<AvahiFeed> avahi;
    private final Sightings sightings;
    private final Map<Place, WatchedLink> links = new LinkedHashMap<>();
    private final Set<AvahiBrowser.Item> avahiItems = new HashSet<>();
    private String avahiFinding = "";
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);

    private record Place(String networkInterface, IpVersion version) {}

    /**
     * A watch that has not begun.
     *
     * @param avahi Avahi on this machine, where it runs: it then does the asking on port 5353
     * @param clock milliseconds that only ever grow
     */
    MulticastWatch(
            WatchRequest request,
            SightingListener listener,
            Interfaces interfaces,
            Optional<AvahiFeed> avahi,
            LongSupplier clock) {
        this.request = request;
        this.listener = listener;
        this.interfaces = interfaces;
        this.avahi = avahi;
        this.clock = clock;
        this.sightings = new Sightings(listener, this::doubt);
    }

    void run() throws SciabcException, InterruptedException {
        long begin = clock.getAsLong();
        long end = request.limit()
                .map(Duration::toMillis)
                .map(limit -> begin + limit)
                .orElse(Long.MAX_VALUE);
        try (Selector selector = Selector.open()) {
            List<String> refusals = new ArrayList<>();
            for (LocalInterface localInterface : request.interfaces()) {
                refusals.addAll(open(localInterface, selector));
            }
            if (links.isEmpty()) {
                throw new SciabcException(
                        WHAT,
                        refusals.isEmpty() ? "there is no network interface to use" : String.join("; ", refusals),
                        "connect this machine to a network, or name the nodes with --discovery static");
            }
            refusals.forEach(refusal -> sightings.once(Notice.warning("no multicast DNS: " + refusal)));
            avahi.ifPresent(feed -> feed.start(selector::wakeup));
            watch(selector, end);
        } catch (IOException failure) {
            throw new SciabcException(WHAT, reason(failure), "", failure);
        } finally {
            avahi.ifPresent(AvahiFeed::close);
            links.values().forEach(this::close);
        }
    }

    private void watch(Selector selector, long end) throws IOException, InterruptedException {
        long checkAt = clock.getAsLong() + CHECK_INTERFACES_EVERY;
        while (true) {
            long now = clock.getAsLong();
            if (now >= checkAt) {
                request.interfaces().forEach(requested -> check(requested, selector));
                checkAt = now + CHECK_INTERFACES_EVERY;
            }
            avahi.ifPresent(this::takeNews);
            long due = Math.min(end, checkAt);
            for (WatchedLink link : links.values()) {
                if (link.isOpen()) {
                    work(link, now);
                    due = Math.min(due, link.due(now));
                }
            }
            if (now >= end) {
                return;
            }
            selector.select(this::receive, Math.max(1, due - now));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void work(WatchedLink link, long now) {
        try {
            link.work(now);
        } catch (IOException failure) {
            // Perhaps the interface is on its way out: the next check of it will tell.
            link.refused(reason(failure));
        }
        link.describe(now, listener::listening);
    }

    private void receive(SelectionKey key) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        WatchedLink link = (WatchedLink) key.attachment();
        try {
            for (int i = 0; i < MESSAGES_IN_A_ROW; i++) {
                InetSocketAddress sender = (InetSocketAddress) channel.receive(buffer.clear());
                if (sender == null) {
                    return;
                }
                link.take(buffer.flip(), sender.getAddress(), channel, clock.getAsLong(), listener::listening);
            }
        } catch (IOException failure) {
            listener.listening(link.place(), "cannot receive: " + reason(failure));
            close(link);
        }
    }

    private void takeNews(AvahiFeed feed) {
        for (Optional<AvahiFeed.News> next = feed.next(); next.isPresent(); next = feed.next()) {
            AvahiFeed.News news = next.get();
            if (news instanceof AvahiFeed.News.Found found) {
                requested(found.item()).ifPresent(seenOn -> {
                    avahiItems.add(found.item());
                    describeAvahi();
                    sightings.found(seenOn, found.item().way(), found.instance());
                });
            } else if (news instanceof AvahiFeed.News.Gone gone) {
                avahiItems.remove(gone.item());
                requested(gone.item()).ifPresent(seenOn -> {
                    // Avahi does not say why. A goodbye would have been heard, where goodbyes can be heard.
                    Sighting.Reason reason = hears(seenOn) ? Sighting.Reason.EXPIRED : Sighting.Reason.LEFT;
                    sightings.gone(seenOn, gone.item().way(), gone.item().fullName(), reason);
                });
            } else if (news instanceof AvahiFeed.News.Unreachable unreachable) {
                sightings.once(
                        Notice.warning("avahi-daemon on this machine cannot be asked for now: looking without it"));
                describeAvahi("cannot be asked: " + unreachable.why());
                continue;
            }
            describeAvahi();
        }
    }

    private void describeAvahi() {
        describeAvahi(WatchedLink.count((int)
                avahiItems.stream().map(AvahiBrowser.Item::name).distinct().count()));
    }

    private void describeAvahi(String finding) {
        if (!finding.equals(avahiFinding)) {
            avahiFinding = finding;
            listener.listening(AVAHI, finding);
        }
    }

    /** The interface that Avahi heard something on, when it is one of those asked for. */
    private Optional<LocalInterface> requested(AvahiBrowser.Item item) {
        return item.networkInterface()
                .flatMap(name -> request.interfaces().stream()
                        .filter(localInterface -> localInterface.name().equals(name))
                        .findFirst());
    }

    private void doubt(LocalInterface seenOn, DnsName name) {
        links.forEach((place, link) -> {
            if (place.networkInterface().equals(seenOn.name())) {
                link.doubt(name, clock.getAsLong());
            }
        });
    }

    private boolean hears(LocalInterface localInterface) {
        return links.entrySet().stream()
                .anyMatch(link -> link.getKey().networkInterface().equals(localInterface.name())
                        && link.getValue().hears());
    }

    /** Opens what can be opened on an interface and is not open yet; returns why something cannot. */
    private List<String> open(LocalInterface localInterface, Selector selector) {
        if (!localInterface.multicast()) {
            listener.listening(localInterface.name(), "carries no multicast");
            return List.of(localInterface.name() + " carries no multicast");
        }
        List<String> refusals = new ArrayList<>();
        for (IpVersion version : IpVersion.values()) {
            Optional<InetAddress> own = version.ownAddress(localInterface);
            Place place = new Place(localInterface.name(), version);
            WatchedLink known = links.get(place);
            if (own.isEmpty() || (known != null && known.isOpen())) {
                continue;
            }
            try {
                Link link = Link.open(localInterface, version, own.get());
                if (known == null) {
                    known = new WatchedLink(link, version.name(), avahi.isEmpty(), sightings, clock.getAsLong());
                    links.put(place, known);
                } else {
                    known.reopen(link, clock.getAsLong());
                }
                link.register(selector, known);
            } catch (IOException failure) {
                refusals.add(localInterface.name() + " " + own.get().getHostAddress() + ": " + reason(failure));
            }
        }
        return refusals;
    }

    /** Closes what an interface has lost, and opens what it has got. */
    private void check(LocalInterface requested, Selector selector) {
        Optional<LocalInterface> current = interfaces.current(requested.name());
        for (IpVersion version : IpVersion.values()) {
            WatchedLink link = links.get(new Place(requested.name(), version));
            if (link != null && link.isOpen() && !current.map(link::isAt).orElse(false)) {
                close(link);
                listener.listening(link.place(), "the interface is down or has another address");
            }
        }
        current.ifPresent(usable -> open(usable, selector));
    }

    private void close(WatchedLink link) {
        try {
            link.close();
        } catch (IOException failure) {
            // Nothing is lost: all that was to be said and heard was.
            listener.listening(link.place(), "closed: " + reason(failure));
        }
    }

    private static String reason(IOException failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("the network refused");
    }
}
