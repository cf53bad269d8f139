// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;

/** Reads the document again and again. A server that does not answer for a while takes no node away. */
final class Watch {
    private final URI url;
    private final InventorySightings sightings;
    private final SightingListener listener;
    private Optional<SciabcException> failure = Optional.empty();
    private boolean everRead;

    Watch(URI url, InventorySightings sightings, SightingListener listener) {
        this.url = url;
        this.sightings = sightings;
        this.listener = listener;
    }

    /**
     * Goes on until interrupted; where there is a limit, only until the document has been read. It says all there is to
     * say, and every command would wait to its limit for nothing.
     *
     * @throws SciabcException when the document could not be read even once
     */
    void run(Duration every, Duration timeout, Optional<Duration> limit) throws SciabcException, InterruptedException {
        listener.listening(url.getHost(), "not answered yet");
        long end = limit.map(span -> System.nanoTime() + span.toNanos()).orElse(Long.MAX_VALUE);
        try (InventoryClient client = new InventoryClient()) {
            long left = left(end);
            do {
                read(client, Duration.ofNanos(Math.min(left, timeout.toNanos())), left >= timeout.toNanos());
                if (everRead && limit.isPresent()) {
                    return;
                }
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

    /** Reads it once. That a server is slower than the whole watch was to last is no failure of it. */
    private void read(InventoryClient client, Duration time, boolean isEnough) throws InterruptedException {
        try {
            Optional<byte[]> document = client.get(url, time);
            if (document.isPresent()) {
                Inventory inventory = Inventory.parse(document.get());
                listener.listening(url.getHost(), inventory.nodes().size() + " nodes listed");
                sightings.report(inventory);
                everRead = true;
                failure = Optional.empty();
            } else if (isEnough) {
                failed(InventoryClient.failed("no whole answer within " + Durations.format(time)));
            } else {
                listener.listening(url.getHost(), "no whole answer yet");
            }
        } catch (SciabcException unusable) {
            failed(unusable);
        }
    }

    private void failed(SciabcException now) {
        listener.listening(url.getHost(), now.why());
        if (failure.isEmpty() || !failure.get().why().equals(now.why())) {
            listener.notice(Notice.info(now.getMessage()));
        }
        failure = Optional.of(now);
    }
}
