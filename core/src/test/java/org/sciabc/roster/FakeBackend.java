// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** A backend that does what a test tells it to. */
final class FakeBackend implements DiscoveryBackend {
    private final String id;
    private final Watching watching;

    @FunctionalInterface
    interface Watching {
        void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException;
    }

    FakeBackend(String id, Watching watching) {
        this.id = id;
        this.watching = watching;
    }

    /** Waits as the contract wants it. */
    static void untilLimit(WatchRequest request) throws InterruptedException {
        long nanos = request.limit().map(limit -> limit.toNanos()).orElse(Long.MAX_VALUE);
        boolean ended = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
        if (ended) {
            throw new IllegalStateException("nobody counts it down");
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String summary() {
        return "does as it is told";
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException {
        throw new SciabcException("cannot announce", "this is a test", "");
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        watching.watch(request, listener);
    }
}
