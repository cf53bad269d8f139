// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.Optional;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;
import org.sciabc.spi.WatchRequest;

/** One backend at work on a thread of its own, which cannot keep the process alive and whose failure harms nobody else. */
final class BackendThread {
    private final String id;
    private final DiscoveryBackend backend;
    private final WatchRequest request;
    private final Sightings sightings;
    private final Thread thread;
    private volatile boolean heard = true;

    private BackendThread(DiscoveryBackend backend, WatchRequest request, Sightings sightings) {
        this.id = backend.id();
        this.backend = backend;
        this.request = request;
        this.sightings = sightings;
        this.thread = new Thread(this::watch, "discovery-" + id);
    }

    static BackendThread start(DiscoveryBackend backend, WatchRequest request, Sightings sightings) {
        BackendThread run = new BackendThread(backend, request, sightings);
        run.thread.setDaemon(true);
        // Libraries inside a plugin look for their services through the thread.
        run.thread.setContextClassLoader(backend.getClass().getClassLoader());
        run.thread.start();
        return run;
    }

    String id() {
        return id;
    }

    /** Asks it to end. */
    void interrupt() {
        thread.interrupt();
    }

    /** Asks it to end, and does not hear what it says of its own ending. */
    void dismiss() {
        heard = false;
        interrupt();
    }

    private void watch() {
        try {
            backend.watch(request, sightings.listener(id, () -> heard));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (SciabcException failure) {
            sightings.put(new Sightings.Failed(this, failure));
        } catch (Throwable defect) { // A plugin may throw anything, linkage errors included.
            sightings.put(new Sightings.Failed(this, asFailure(id, defect)));
        } finally {
            sightings.put(new Sightings.Ended(this));
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
