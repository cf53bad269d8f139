// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Where the backends' threads leave what they see, and one thread takes it. */
final class Sightings {
    /** Ten times what a rogue's thousand names make; the taking thread empties it in milliseconds. */
    private static final int CAPACITY = 10_000;

    private final BlockingQueue<Report> reports = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    /** What another thread has to say. */
    sealed interface Report {}

    record Sighted(String backend, Sighting sighting) implements Report {}

    record Listening(String backend, String place, String finding) implements Report {}

    record Noticed(String backend, Notice notice) implements Report {}

    record Failed(BackendThread run, SciabcException failure) implements Report {}

    record Ended(BackendThread run) implements Report {}

    record Replied(Runnable reaction) implements Report {}

    /**
     * Takes what a backend sees, without ever blocking it for long. Null is refused there: further on it would be our defect.
     *
     * @param heard whether the backend is still listened to
     */
    SightingListener listener(String backend, BooleanSupplier heard) {
        return new SightingListener() {
            private final AtomicBoolean overflown = new AtomicBoolean();

            @Override
            public void sighted(Sighting sighting) {
                Objects.requireNonNull(sighting, "the sighting is null");
                if (!heard.getAsBoolean()) {
                    return;
                }
                if (!reports.offer(new Sighted(backend, sighting)) && !overflown.getAndSet(true)) {
                    put(new Noticed(
                            backend,
                            Notice.warning(backend + " reports more than can be taken in: some sightings were lost")));
                }
            }

            @Override
            public void listening(String place, String finding) {
                Objects.requireNonNull(place, "the place is null");
                Objects.requireNonNull(finding, "the finding is null");
                if (heard.getAsBoolean()) {
                    put(new Listening(backend, place, finding));
                }
            }

            @Override
            public void notice(Notice notice) {
                Objects.requireNonNull(notice, "the notice is null");
                if (heard.getAsBoolean()) {
                    put(new Noticed(backend, notice));
                }
            }
        };
    }

    /** Adds a report that must not be lost, waiting for room as long as somebody takes any. */
    void put(Report report) {
        boolean interrupted = false;
        boolean added = false;
        while (!added && !closed) {
            try {
                added = reports.offer(report, 50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody takes reports any longer: what still comes is dropped. */
    void close() {
        closed = true;
        reports.clear();
    }

    /** All that there is, waiting that long for the first. */
    List<Report> take(long nanos) throws InterruptedException {
        List<Report> taken = new ArrayList<>();
        Report first = reports.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        if (first != null) {
            taken.add(first);
            reports.drainTo(taken);
        }
        return taken;
    }
}
