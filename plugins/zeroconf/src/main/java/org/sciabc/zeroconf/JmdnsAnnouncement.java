// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** Announces this machine in process, with jmdns, on every link of the request; follows interfaces that come and go. */
final class JmdnsAnnouncement implements Announcement {
    private static final long CHECK_INTERFACES_EVERY = 1_000;

    private static final int CHECKS_BEFORE_ANOTHER_TRY = 10;

    /** How often to look whether the machine's name is settled, in milliseconds; two such looks cost a microsecond. */
    private static final long TICK = 20;

    private final AnnounceRequest request;
    private final Interfaces interfaces;
    private final String host;
    private final List<String> text;
    private final Map<Place, JmdnsResponder> responders = new LinkedHashMap<>();
    /** The names of the instance and the troubles that the person was told. */
    private final Set<String> known = new HashSet<>();

    /** Where nothing could be sent although the address is there, with the checks until it is tried again. */
    private final Map<Place, Integer> pauses = new LinkedHashMap<>();

    private boolean closed;

    private record Place(String networkInterface, IpVersion version) {}

    private JmdnsAnnouncement(AnnounceRequest request, Interfaces interfaces) {
        this.request = request;
        this.interfaces = interfaces;
        // As Avahi's %h: the machine's name without its domain.
        this.host = request.self().name().split("\\.", 2)[0];
        this.text = NodeText.write(request.self());
        this.known.add(NodeText.instance(host));
    }

    static JmdnsAnnouncement begin(AnnounceRequest request, Interfaces interfaces) throws SciabcException {
        JmdnsAnnouncement announcement = new JmdnsAnnouncement(request, interfaces);
        List<String> refusals = announcement.open(request.interfaces());
        if (announcement.responders.isEmpty()) {
            announcement.close();
            throw new SciabcException(
                    "cannot announce this machine with multicast DNS",
                    refusals.isEmpty() ? "there is no network interface to use" : String.join("; ", refusals),
                    "connect this machine to a network; if UDP port 5353 is taken by a program that does not share it,"
                            + " end that program");
        }
        refusals.forEach(refusal -> request.notices().accept(Notice.warning("not announced on " + refusal)));
        Thread following = new Thread(announcement::follow, "sciabc zeroconf announcing");
        following.setDaemon(true);
        following.start();
        return announcement;
    }

    @Override
    public synchronized List<String> told() {
        List<String> told = new ArrayList<>();
        responders.values().stream()
                .map(JmdnsResponder::instance)
                .distinct()
                .map(instance -> instance + ", port " + NodeText.SERVICE_PORT)
                .forEach(told::add);
        told.addAll(text);
        responders.forEach((place, responder) -> told.add(
                "on " + place.networkInterface() + " " + responder.address().getHostAddress()));
        return List.copyOf(told);
    }

    @Override
    public void close() {
        List<JmdnsResponder> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(responders.values());
            responders.clear();
            notifyAll();
        }
        open.parallelStream().forEach(JmdnsResponder::close);
    }

    /** Opens what is not open yet, and returns what cannot be and why. */
    private synchronized List<String> open(List<LocalInterface> usable) {
        List<String> refusals = new ArrayList<>();
        for (LocalInterface localInterface : usable) {
            if (!localInterface.multicast()) {
                refusals.add(localInterface.name() + ": carries no multicast");
                continue;
            }
            for (IpVersion version : IpVersion.values()) {
                Place place = new Place(localInterface.name(), version);
                Optional<InetAddress> own = version.ownAddress(localInterface);
                if (own.isEmpty() || responders.containsKey(place) || pauses.containsKey(place) || closed) {
                    continue;
                }
                try {
                    responders.put(place, JmdnsResponder.open(own.get(), host, text));
                } catch (IOException failure) {
                    refusals.add(localInterface.name() + " " + own.get().getHostAddress() + ": "
                            + Optional.ofNullable(failure.getMessage()).orElse("the network refused"));
                }
            }
        }
        return refusals;
    }

    /** Announces what can be announced by now, and follows the interfaces. */
    private void follow() {
        try {
            long checkAt = CHECK_INTERFACES_EVERY;
            long passed = 0;
            while (isOpenAfter(TICK)) {
                passed += TICK;
                announceSettled();
                if (passed >= checkAt) {
                    checkInterfaces();
                    checkAt = passed + CHECK_INTERFACES_EVERY;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void announceSettled() {
        responders.forEach((place, responder) -> {
            try {
                if (!closed && responder.announce() && known.add(responder.instance())) {
                    request.notices()
                            .accept(Notice.warning("another machine bears the name '" + host
                                    + "': this one is announced as '" + responder.instance() + "'"));
                }
            } catch (IOException failure) {
                notAnnounced(place, failure);
            }
        });
    }

    private void notAnnounced(Place place, IOException failure) {
        String notice = "not announced on " + place.networkInterface() + ": "
                + Optional.ofNullable(failure.getMessage()).orElse("the network refused");
        if (known.add(notice)) {
            request.notices().accept(Notice.warning(notice));
        }
    }

    private synchronized boolean isOpenAfter(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; !closed && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(left);
        }
        return !closed;
    }

    /** Withdraws from addresses that are gone, and announces at new ones. */
    private void checkInterfaces() {
        List<LocalInterface> current = request.interfaces().stream()
                .flatMap(requested -> interfaces.current(requested.name()).stream())
                .filter(LocalInterface::multicast)
                .toList();
        withdrawFromOthers(current).forEach(JmdnsResponder::close);
        open(current);
    }

    private synchronized List<JmdnsResponder> withdrawFromOthers(List<LocalInterface> current) {
        List<JmdnsResponder> withdrawn = new ArrayList<>();
        pauses.replaceAll((place, checks) -> checks - 1);
        pauses.values().removeIf(checks -> checks == 0);
        responders.entrySet().removeIf(entry -> {
            Place place = entry.getKey();
            boolean there = current.stream()
                    .filter(usable -> usable.name().equals(place.networkInterface()))
                    .anyMatch(usable -> hasAddress(usable, entry.getValue().address()));
            if (there && !entry.getValue().isBroken()) {
                return false;
            }
            if (there) {
                pauses.put(place, CHECKS_BEFORE_ANOTHER_TRY);
                notAnnounced(
                        place,
                        new IOException("nothing can be sent from "
                                + entry.getValue().address().getHostAddress()));
            }
            withdrawn.add(entry.getValue());
            return true;
        });
        return withdrawn;
    }

    private static boolean hasAddress(LocalInterface localInterface, InetAddress address) {
        return localInterface.addresses().stream()
                .anyMatch(known -> known.address().equals(address));
    }
}
