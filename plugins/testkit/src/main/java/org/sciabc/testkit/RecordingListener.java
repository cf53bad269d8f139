// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/**
 * Keeps what a watch reports, for tests that wait for it from another thread, and notices what a backend must not do: call
 * from two threads at once, call after {@code watch} returned, lose what it never reported. Safe to use from any thread.
 */
public final class RecordingListener implements SightingListener {
    private final Object lock = new Object();
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<String, String> findings = new LinkedHashMap<>();
    private final Set<String> present = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final Duration lingering;
    private boolean over;

    /** One that returns at once from each call. */
    public RecordingListener() {
        this(Duration.ZERO);
    }

    private RecordingListener(Duration lingering) {
        this.lingering = lingering;
    }

    /**
     * One that takes so long for each call, so that a second thread that calls, too, is caught inside.
     *
     * @param lingering how long each call takes
     * @return the listener
     */
    public static RecordingListener lingering(Duration lingering) {
        return new RecordingListener(lingering);
    }

    @Override
    public void sighted(Sighting sighting) {
        take("sighted", () -> {
            sightings.add(sighting);
            if (sighting instanceof Sighting.Seen seen) {
                present.add(seen.source());
            } else if (!present.remove(sighting.source())) {
                violations.add("lost '" + sighting.source() + "', which it had not reported as seen");
            }
        });
    }

    @Override
    public void listening(String place, String finding) {
        take("listening", () -> findings.put(place, finding));
    }

    @Override
    public void notice(Notice notice) {
        take("notice", () -> notices.add(notice));
    }

    /** From now on every call is a violation: {@code watch} has returned. */
    public void watchReturned() {
        synchronized (lock) {
            over = true;
        }
    }

    /**
     * Waits until a look at what was reported so far finds something.
     *
     * @param <T> what is looked for
     * @param what what is looked for, for the message of the failure
     * @param limit how long to wait
     * @param look is repeated until it finds something
     * @return what was found
     * @throws AssertionError when nothing was found within the limit; the message lists all that was reported
     * @throws InterruptedException when the thread was interrupted
     */
    public <T> T await(String what, Duration limit, Function<RecordingListener, Optional<T>> look)
            throws InterruptedException {
        long begin = System.nanoTime();
        synchronized (lock) {
            while (true) {
                Optional<T> found = look.apply(this);
                if (found.isPresent()) {
                    return found.get();
                }
                long left = TimeUnit.NANOSECONDS.toMillis(limit.toNanos() - (System.nanoTime() - begin));
                if (left <= 0) {
                    throw new AssertionError(
                            "no " + what + " within " + Said.seconds(limit) + "; reported was " + this);
                }
                lock.wait(left);
            }
        }
    }

    /**
     * Waits for a sighting of a node with this name.
     *
     * @param name the name of the node
     * @param limit how long to wait
     * @return the first one
     * @throws InterruptedException when the thread was interrupted
     */
    public Sighting.Seen awaitSeen(String name, Duration limit) throws InterruptedException {
        return await(
                "sighting of " + name,
                limit,
                reported -> reported.seen().stream()
                        .filter(seen -> seen.node().name().equals(name))
                        .findFirst());
    }

    /**
     * Waits for the loss of what was reported under this source.
     *
     * @param source the backend's name for the announcement
     * @param limit how long to wait
     * @return the first one
     * @throws InterruptedException when the thread was interrupted
     */
    public Sighting.Lost awaitLost(String source, Duration limit) throws InterruptedException {
        return await(
                "loss of " + source,
                limit,
                reported -> reported.lost().stream()
                        .filter(lost -> lost.source().equals(source))
                        .findFirst());
    }

    /**
     * All sightings so far.
     *
     * @return in the order in which they came
     */
    public List<Sighting> sightings() {
        synchronized (lock) {
            return List.copyOf(sightings);
        }
    }

    /**
     * What was seen so far.
     *
     * @return in the order in which it came
     */
    public List<Sighting.Seen> seen() {
        return sightings().stream()
                .filter(Sighting.Seen.class::isInstance)
                .map(Sighting.Seen.class::cast)
                .toList();
    }

    /**
     * What was lost so far.
     *
     * @return in the order in which it came
     */
    public List<Sighting.Lost> lost() {
        return sightings().stream()
                .filter(Sighting.Lost.class::isInstance)
                .map(Sighting.Lost.class::cast)
                .toList();
    }

    /**
     * The nodes as they were last seen, those that were lost since included.
     *
     * @return in the order of the first sightings of their sources
     */
    public List<Node> nodes() {
        Map<String, Node> last = new LinkedHashMap<>();
        seen().forEach(seen -> last.put(seen.source(), seen.node()));
        return List.copyOf(last.values());
    }

    /**
     * All notices so far.
     *
     * @return in the order in which they came
     */
    public List<Notice> notices() {
        synchronized (lock) {
            return List.copyOf(notices);
        }
    }

    /**
     * What was last said about each place that is listened on.
     *
     * @return findings by place, in the order in which the places were first named
     */
    public Map<String, String> findings() {
        synchronized (lock) {
            return new LinkedHashMap<>(findings);
        }
    }

    /**
     * What the backend did that it must not.
     *
     * @return a sentence each, as it reads behind {@code the backend}; empty when all was well
     */
    public List<String> violations() {
        synchronized (lock) {
            return List.copyOf(violations);
        }
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return sightings + " " + notices + " " + findings;
        }
    }

    private void take(String method, Runnable record) {
        boolean alone = inside.incrementAndGet() == 1;
        try {
            synchronized (lock) {
                if (!alone) {
                    violations.add("called the listener (" + method + ") while another of its threads was inside it");
                }
                if (over) {
                    violations.add("called the listener (" + method + ") after watch had returned");
                }
                record.run();
                lock.notifyAll();
            }
            if (!lingering.isZero()) {
                LockSupport.parkNanos(lingering.toNanos());
            }
        } finally {
            inside.decrementAndGet();
        }
    }
}
