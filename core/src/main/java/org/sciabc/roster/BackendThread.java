// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.Optional;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;
import org.sciabc.spi.WatchRequest;

/** One backend at work on a thread of its own, which cannot keep the process alive and whose failure harms nobody else. */
final class BackendThread {
    private final Thread thread;

    private BackendThread(Thread thread) {
        this.thread = thread;
    }

    static BackendThread start(DiscoveryBackend backend, WatchRequest request, Sightings sightings) {
        String id = backend.id();
        Thread thread = new Thread(() -> watch(backend, id, request, sightings), "discovery-" + id);
        thread.setDaemon(true);
        // Libraries inside a plugin look for their services through the thread.
        thread.setContextClassLoader(backend.getClass().getClassLoader());
        thread.start();
        return new BackendThread(thread);
    }

    void interrupt() {
        thread.interrupt();
    }

    private static void watch(DiscoveryBackend backend, String id, WatchRequest request, Sightings sightings) {
        try {
            backend.watch(request, sightings.listener(id));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (SciabcException failure) {
            sightings.put(new Sightings.Failed(id, failure));
        } catch (Throwable defect) { // A plugin may throw anything, linkage errors included.
            sightings.put(new Sightings.Failed(id, asFailure(id, defect)));
        } finally {
            sightings.put(new Sightings.Ended(id));
        }
    }

    private static SciabcException asFailure(String backend, Throwable defect) {
        String said = Untrusted.line(Optional.ofNullable(defect.getMessage()).orElse(""), 200);
        return new SciabcException(
                "discovery through " + backend + " failed",
                said.isEmpty() ? "the plugin has a defect" : "the plugin has a defect: " + said,
                "--stacktrace shows where",
                defect);
    }
}
