// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Looks again and again which nodes are simulated, and reports what is new and what is gone. For one thread. */
final class RunWatch {
    /** Looking takes about a millisecond, and the JDK's own watching of folders two seconds on some systems. */
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private static final String PLACE = "this machine";

    private final Runs runs;
    private final String cluster;
    private final SightingListener listener;
    private final Set<String> failed = new HashSet<>();
    private Map<String, Node> known = Map.of();

    RunWatch(Runs runs, String cluster, SightingListener listener) {
        this.runs = runs;
        this.cluster = cluster;
        this.listener = listener;
    }

    void watch(Optional<Duration> limit) throws SciabcException, InterruptedException {
        long start = System.nanoTime();
        listener.listening(PLACE, "no simulated nodes");
        look();
        while (limit.isEmpty() || System.nanoTime() - start < limit.get().toNanos()) {
            TimeUnit.NANOSECONDS.sleep(pause(limit, System.nanoTime() - start));
            look();
        }
    }

    private static long pause(Optional<Duration> limit, long passed) {
        long pause = INTERVAL.toNanos();
        return limit.map(end -> Math.max(0, Math.min(pause, end.toNanos() - passed)))
                .orElse(pause);
    }

    private void look() throws SciabcException {
        removeStale();
        Map<String, Node> present = new HashMap<>();
        for (var run : runs.alive().entrySet()) {
            for (Node node : run.getValue().nodes()) {
                if (node.cluster().equals(Optional.of(cluster))) {
                    present.put(source(run.getKey(), node), node);
                }
            }
        }
        report(present);
    }

    private void removeStale() throws SciabcException {
        for (RunFolder run : runs.stale()) {
            if (failed.add(run.id())) {
                try {
                    Runs.remove(run);
                } catch (SciabcException undeletable) {
                    listener.notice(Notice.warning(undeletable.what() + ": " + undeletable.why()));
                }
            }
        }
    }

    private void report(Map<String, Node> present) {
        Map<String, Node> before = known;
        known = present;
        present.forEach((source, node) -> {
            if (!node.equals(before.get(source))) {
                listener.sighted(new Sighting.Seen(source, node, Optional.empty()));
            }
        });
        for (String source : before.keySet()) {
            if (!present.containsKey(source)) {
                listener.sighted(new Sighting.Lost(source, reason(source)));
            }
        }
        if (present.size() != before.size()) {
            listener.listening(PLACE, finding(present.size()));
        }
    }

    private Sighting.Reason reason(String source) {
        boolean ofFailed = failed.contains(source.substring(0, source.indexOf('/')));
        return ofFailed ? Sighting.Reason.FAILED : Sighting.Reason.LEFT;
    }

    private static String source(String run, Node node) {
        return run + "/" + node.name();
    }

    private static String finding(int nodes) {
        return switch (nodes) {
            case 0 -> "no simulated nodes";
            case 1 -> "1 simulated node";
            default -> nodes + " simulated nodes";
        };
    }
}
