// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The time that one node has. It stands still while a person thinks. */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final long limit;
    private final long started;
    private long paused;
    private long pausedSince;
    private int pauses;

    Deadline(Duration limit, LongSupplier nanoTime) {
        this.limit = limit.toNanos();
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** What is left; never negative. */
    public synchronized Duration left() {
        return Duration.ofNanos(Math.max(0, limit - spent()));
    }

    /** How much time was spent. */
    public synchronized Duration elapsed() {
        return Duration.ofNanos(spent());
    }

    synchronized boolean isOver() {
        return pauses == 0 && spent() >= limit;
    }

    synchronized void pause() {
        if (pauses++ == 0) {
            pausedSince = nanoTime.getAsLong();
        }
    }

    synchronized void resume() {
        if (--pauses == 0) {
            paused += nanoTime.getAsLong() - pausedSince;
        }
    }

    private long spent() {
        long now = pauses > 0 ? pausedSince : nanoTime.getAsLong();
        return now - started - paused;
    }
}
