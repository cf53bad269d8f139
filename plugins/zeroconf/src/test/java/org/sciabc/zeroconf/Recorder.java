// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Keeps what a watch reports, for tests that wait for it from another thread. */
final class Recorder implements SightingListener {
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<String, String> findings = new LinkedHashMap<>();

    @Override
    public synchronized void sighted(Sighting sighting) {
        sightings.add(sighting);
        notifyAll();
    }

    @Override
    public synchronized void listening(String place, String finding) {
        findings.put(place, finding);
        notifyAll();
    }

    @Override
    public synchronized void notice(Notice notice) {
        notices.add(notice);
        notifyAll();
    }

    /** Waits until the look at what was reported so far finds something. */
    synchronized <T> T await(String what, Duration limit, Function<Recorder, Optional<T>> look)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (Optional<T> found = look.apply(this); ; found = look.apply(this)) {
            if (found.isPresent()) {
                return found.get();
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no " + what + " within " + limit + ": " + sightings + notices + findings);
            }
            wait(left);
        }
    }

    synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    synchronized List<Notice> notices() {
        return List.copyOf(notices);
    }

    synchronized Map<String, String> findings() {
        return Map.copyOf(findings);
    }
}
