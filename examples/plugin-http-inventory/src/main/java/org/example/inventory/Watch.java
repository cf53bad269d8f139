// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;

/** Reads the document again and again. A server that does not answer for a while takes no node away. */
final class Watch {
    private final URI url;
    private final InventorySightings sightings;
    private final SightingListener listener;
    private String lastFailure = "";

    Watch(URI url, InventorySightings sightings, SightingListener listener) {
        this.url = url;
        this.sightings = sightings;
        this.listener = listener;
    }

    /**
     * Returns when the limit has passed.
     *
     * @throws SciabcException when the document could not be read even once
     */
    void run(Duration every, Duration timeout, Optional<Duration> limit) throws SciabcException, InterruptedException {
        listener.listening(url.getHost(), "not answered yet");
        long end = limit.map(span -> System.nanoTime() + span.toNanos()).orElse(Long.MAX_VALUE);
        Optional<SciabcException> failure = Optional.empty();
        boolean everRead = false;
        try (InventoryClient client = new InventoryClient()) {
            long left = left(end);
            do {
                failure = read(client, Duration.ofNanos(Math.min(left, timeout.toNanos())));
                everRead |= failure.isEmpty();
                TimeUnit.NANOSECONDS.sleep(Math.min(every.toNanos(), left(end)));
                left = left(end);
            } while (left >= timeout.toNanos());
            // Too short for another answer.
            TimeUnit.NANOSECONDS.sleep(left);
        }
        if (!everRead && failure.isPresent()) {
            throw failure.get();
        }
    }

    private static long left(long end) {
        return end == Long.MAX_VALUE ? end : end - System.nanoTime();
    }

    private Optional<SciabcException> read(InventoryClient client, Duration timeout) throws InterruptedException {
        try {
            Inventory inventory = Inventory.parse(client.get(url, timeout));
            listener.listening(url.getHost(), inventory.nodes().size() + " nodes listed");
            sightings.report(inventory);
            lastFailure = "";
            return Optional.empty();
        } catch (SciabcException failed) {
            listener.listening(url.getHost(), failed.why());
            if (!failed.why().equals(lastFailure)) {
                lastFailure = failed.why();
                listener.notice(Notice.info(failed.getMessage()));
            }
            return Optional.of(failed);
        }
    }
}
