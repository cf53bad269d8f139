// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Keeps what a backend reports. */
final class Sightings implements SightingListener {
    private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    private final List<String> findings = new CopyOnWriteArrayList<>();
    private final List<Notice> notices = new CopyOnWriteArrayList<>();

    @Override
    public void sighted(Sighting sighting) {
        sightings.add(sighting);
    }

    @Override
    public void listening(String place, String finding) {
        findings.add(place + ": " + finding);
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    List<String> seen() {
        return sightings.stream()
                .filter(Sighting.Seen.class::isInstance)
                .map(sighting -> ((Sighting.Seen) sighting).node().name())
                .toList();
    }

    List<Sighting.Lost> lost() {
        return sightings.stream()
                .filter(Sighting.Lost.class::isInstance)
                .map(Sighting.Lost.class::cast)
                .toList();
    }

    List<String> findings() {
        return findings;
    }

    List<Notice> notices() {
        return notices;
    }
}
