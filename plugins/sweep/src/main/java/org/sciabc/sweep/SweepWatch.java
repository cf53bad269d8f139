// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.Subnet;

/** Sweeps once where there is a limit, and in a gentle rhythm where there is none. */
final class SweepWatch {
    /** One lost packet, or one busy moment, is not a departure. */
    private static final int MISSES_UNTIL_LOST = 2;

    private final Ranges ranges;
    private final SweepSettings settings;
    private final SightingListener listener;
    private final Map<InetAddress, Integer> misses = new HashMap<>();

    SweepWatch(Ranges ranges, SweepSettings settings, SightingListener listener) {
        this.ranges = ranges;
        this.settings = settings;
        this.listener = listener;
    }

    void run(Optional<Duration> limit) throws SciabcException, InterruptedException {
        long end = System.nanoTime() + limit.orElse(Duration.ofDays(10_000)).toNanos();
        List<Map.Entry<Subnet, String>> networks = ranges.networks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(Subnet::toString)))
                .toList();
        networks.forEach(network -> listener.listening(place(network), "not swept yet"));
        while (true) {
            long begin = System.nanoTime();
            for (Map.Entry<Subnet, String> network : networks) {
                sweep(network, end);
            }
            if (limit.isPresent()) {
                return;
            }
            long rest = begin + settings.every().toNanos() - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.max(TimeUnit.SECONDS.toNanos(1), rest));
        }
    }

    private void sweep(Map.Entry<Subnet, String> network, long end) throws SciabcException, InterruptedException {
        Set<InetAddress> answered = new HashSet<>();
        Sweep sweep = new Sweep(settings, address -> {
            answered.add(address);
            misses.put(address, 0);
            listener.sighted(new Sighting.Seen(source(address), node(address), Optional.of(network.getValue())));
        });
        try {
            sweep.over(ranges.addresses(network.getKey()).iterator(), end);
        } catch (IOException exhausted) {
            throw new SciabcException(
                    "cannot sweep " + network.getKey(),
                    "the system gives out no more connections",
                    "raise the limit of open files (ulimit -n), or lower sweep.rate",
                    exhausted);
        }
        boolean complete = System.nanoTime() - end < 0;
        if (sweep.isCutOff()) {
            listener.listening(place(network), "this network cannot be reached now");
            listener.notice(Notice.warning("sweep cannot reach " + network.getKey() + " now"));
            return;
        }
        listener.listening(place(network), finding(answered.size(), sweep.tried(), complete));
        if (complete) {
            countMisses(network.getKey(), answered);
        }
    }

    /** Who was found before and does not answer any more is lost. */
    private void countMisses(Subnet network, Set<InetAddress> answered) {
        for (InetAddress address : List.copyOf(misses.keySet())) {
            if (network.contains(address) && !answered.contains(address)) {
                if (misses.merge(address, 1, Integer::sum) >= MISSES_UNTIL_LOST) {
                    misses.remove(address);
                    listener.sighted(new Sighting.Lost(source(address), Sighting.Reason.EXPIRED));
                }
            }
        }
    }

    private Node node(InetAddress address) {
        return Node.of(address.getHostAddress().replace(':', '-'), List.of(address))
                .withPort(settings.port());
    }

    private String source(InetAddress address) {
        return address.getHostAddress() + " port " + settings.port();
    }

    private static String place(Map.Entry<Subnet, String> network) {
        return network.getValue() + " " + network.getKey();
    }

    private static String finding(int answered, int tried, boolean complete) {
        String servers = answered == 1 ? "1 SSH server" : answered + " SSH servers";
        return servers + " at " + tried + " addresses" + (complete ? "" : ", then the time was up");
    }
}
