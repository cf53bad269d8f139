// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Keeps what a watch reports. */
final class Recorder implements SightingListener {
    final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    final List<String> notices = new CopyOnWriteArrayList<>();
    final Map<String, String> findings = new LinkedHashMap<>();

    @Override
    public void sighted(Sighting sighting) {
        sightings.add(sighting);
    }

    @Override
    public void listening(String place, String finding) {
        findings.put(place, finding);
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice.text());
    }

    /** The nodes as they were last seen, in the order of the first sighting. */
    List<Node> nodes() {
        Map<String, Node> last = new LinkedHashMap<>();
        for (Sighting sighting : sightings) {
            if (sighting instanceof Sighting.Seen seen) {
                last.put(seen.source(), seen.node());
            }
        }
        return List.copyOf(last.values());
    }
}
