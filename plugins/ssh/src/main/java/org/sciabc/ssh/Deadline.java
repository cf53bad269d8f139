// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The moment by which a connection must be there. When it comes, it closes what was entrusted to it: closing is the one way
 * to end a thread that waits for a socket. Time during which it is paused does not count.
 */
final class Deadline implements AutoCloseable {
    private final Duration limit;
    private final List<Closeable> entrusted = new ArrayList<>();
    private long end;
    private long pausedSince;
    private int pauses;
    private boolean passed;
    private boolean closed;
    private @Nullable ScheduledFuture<?> alarm;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
    }

    static Deadline after(Duration limit) {
        Deadline deadline = new Deadline(limit);
        deadline.arm();
        return deadline;
    }

    /** What was granted in the first place. */
    Duration limit() {
        return limit;
    }

    /** What is left; zero or less once it has passed. */
    synchronized Duration left() {
        return Duration.ofNanos(end - (pauses > 0 ? pausedSince : System.nanoTime()));
    }

    synchronized boolean isPassed() {
        return passed;
    }

    /** Closes this when the deadline passes, or at once when it has. */
    void entrust(Closeable closeable) {
        synchronized (this) {
            if (!passed) {
                entrusted.add(closeable);
                return;
            }
        }
        closeQuietly(closeable);
    }

    /** Stops the clock until {@link #resume}. */
    synchronized void pause() {
        if (pauses++ == 0) {
            pausedSince = System.nanoTime();
        }
    }

    /** Lets the clock go on. */
    synchronized void resume() {
        if (--pauses == 0) {
            end += System.nanoTime() - pausedSince;
            arm();
        }
    }

    /** The deadline no longer matters; what was entrusted to it stays open. */
    @Override
    public synchronized void close() {
        closed = true;
        entrusted.clear();
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private synchronized void arm() {
        if (closed || passed) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarm = Workers.TIMER.schedule(new Alarm(), Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private synchronized List<Closeable> pass() {
        if (closed || pauses > 0) {
            return List.of();
        }
        passed = true;
        List<Closeable> toClose = List.copyOf(entrusted);
        entrusted.clear();
        return toClose;
    }

    private final class Alarm implements Runnable {
        @Override
        public void run() {
            pass().forEach(Deadline::closeQuietly);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException alreadyBroken) {
            // It was to be closed, and it is of no more use.
            return;
        }
    }
}
