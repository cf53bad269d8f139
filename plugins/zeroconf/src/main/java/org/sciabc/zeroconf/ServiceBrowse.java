// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sciabc.spi.BrowseRequest;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.ServiceListener;

/**
 * Looks for services of every kind, on all links at once and on the thread that calls, until the time is up. Where Avahi runs
 * it is asked, too: what it has heard before is there at once.
 */
final class ServiceBrowse {
    private static final String WHAT = "cannot look for services with multicast DNS";
    private static final String AVAHI = "avahi";
    private static final int MESSAGES_IN_A_ROW = 1_000;

    private final BrowseRequest request;
    private final ServiceListener listener;
    private final Optional<AvahiFeed> avahi;
    private final LongSupplier clock;
    private final FoundServices found;
    private final List<BrowsedLink> links = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private int fromAvahi;

    /**
     * A look that has not begun.
     *
     * @param avahi Avahi on this machine, where it runs
     * @param clock milliseconds that only ever grow
     */
    ServiceBrowse(BrowseRequest request, ServiceListener listener, Optional<AvahiFeed> avahi, LongSupplier clock) {
        this.request = request;
        this.listener = listener;
        this.avahi = avahi;
        this.clock = clock;
        this.found = new FoundServices(listener);
    }

    void run() throws SciabcException, InterruptedException {
        long begin = clock.getAsLong();
        try (Selector selector = Selector.open()) {
            List<String> refusals = open(selector, begin);
            if (links.isEmpty()) {
                throw new SciabcException(
                        WHAT,
                        refusals.isEmpty() ? "there is no network interface to use" : String.join("; ", refusals),
                        "connect this machine to a network");
            }
            refusals.forEach(refusal -> listener.notice(Notice.warning("no multicast DNS: " + refusal)));
            avahi.ifPresent(feed -> feed.start(selector::wakeup));
            look(selector, begin + request.limit().toMillis());
        } catch (IOException failure) {
            throw new SciabcException(WHAT, reason(failure), "", failure);
        } finally {
            avahi.ifPresent(AvahiFeed::close);
            links.forEach(this::close);
        }
    }

    private List<String> open(Selector selector, long now) {
        List<String> refusals = new ArrayList<>();
        for (LocalInterface localInterface : request.interfaces()) {
            if (!localInterface.multicast()) {
                listener.listening(localInterface.name(), "carries no multicast");
                refusals.add(localInterface.name() + " carries no multicast");
                continue;
            }
            for (IpVersion version : IpVersion.values()) {
                Optional<InetAddress> own = version.ownAddress(localInterface);
                if (own.isEmpty()) {
                    continue;
                }
                try {
                    Link link = Link.open(localInterface, version, own.get());
                    BrowsedLink browsed = new BrowsedLink(link, avahi.isEmpty(), found, now);
                    links.add(browsed);
                    link.register(selector, browsed);
                } catch (IOException failure) {
                    refusals.add(localInterface.name() + " " + own.get().getHostAddress() + ": " + reason(failure));
                }
            }
        }
        return refusals;
    }

    private void look(Selector selector, long end) throws IOException, InterruptedException {
        while (true) {
            long now = clock.getAsLong();
            avahi.ifPresent(this::takeNews);
            long due = end;
            for (BrowsedLink link : links) {
                work(link, now);
                due = Math.min(due, link.due(now));
            }
            if (now >= end) {
                links.forEach(BrowsedLink::tellUnresolved);
                return;
            }
            selector.select(this::receive, Math.max(1, due - now));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void work(BrowsedLink link, long now) {
        try {
            link.work(now);
            listener.listening(link.place(), link.observed(now));
        } catch (IOException failure) {
            listener.listening(link.place(), "cannot send: " + reason(failure));
        }
    }

    private void receive(SelectionKey key) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        BrowsedLink link = (BrowsedLink) key.attachment();
        try {
            for (int i = 0; i < MESSAGES_IN_A_ROW; i++) {
                InetSocketAddress sender = (InetSocketAddress) channel.receive(buffer.clear());
                if (sender == null) {
                    return;
                }
                link.take(buffer.flip(), sender.getAddress(), channel, clock.getAsLong());
            }
        } catch (IOException failure) {
            listener.listening(link.place(), "cannot receive: " + reason(failure));
            key.cancel();
        }
    }

    private void takeNews(AvahiFeed feed) {
        for (Optional<AvahiFeed.News> next = feed.next(); next.isPresent(); next = feed.next()) {
            AvahiFeed.News news = next.get();
            if (news instanceof AvahiFeed.News.Found instance) {
                seenOn(instance.item()).ifPresent(localInterface -> {
                    fromAvahi++;
                    found.instance(localInterface, instance.instance());
                });
                listener.listening(AVAHI, WatchedLink.count(fromAvahi));
            } else if (news instanceof AvahiFeed.News.Unreachable unreachable) {
                listener.listening(AVAHI, "cannot be asked: " + unreachable.why());
            }
        }
    }

    private Optional<LocalInterface> seenOn(AvahiBrowser.Item item) {
        return item.networkInterface()
                .flatMap(name -> request.interfaces().stream()
                        .filter(localInterface -> localInterface.name().equals(name))
                        .findFirst());
    }

    private void close(BrowsedLink link) {
        try {
            link.close();
        } catch (IOException failure) {
            // Nothing is lost: all that was to be heard was.
            listener.listening(link.place(), "closed: " + reason(failure));
        }
    }

    private static String reason(IOException failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("the network refused");
    }
}
