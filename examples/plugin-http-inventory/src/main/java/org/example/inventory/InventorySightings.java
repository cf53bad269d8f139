// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** Tells what is new, what changed and what is gone from one reading of the document to the next. */
final class InventorySightings {
    private final String cluster;
    private final SightingListener listener;
    private final Map<String, Node> known = new LinkedHashMap<>();
    private final Set<String> complained = new HashSet<>();

    InventorySightings(String cluster, SightingListener listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    void report(Inventory inventory) {
        inventory.complaints().stream().filter(complained::add).forEach(text -> listener.notice(Notice.warning(text)));
        Map<String, Node> listed = new LinkedHashMap<>();
        for (Node node : inventory.nodes()) {
            if (node.cluster().isEmpty() || node.cluster().get().equals(cluster)) {
                listed.put(node.name(), node);
            }
        }
        for (String gone : List.copyOf(known.keySet())) {
            if (!listed.containsKey(gone)) {
                known.remove(gone);
                listener.sighted(new Sighting.Lost(gone, Sighting.Reason.LEFT));
            }
        }
        listed.forEach((name, node) -> {
            if (!node.equals(known.put(name, node))) {
                listener.sighted(new Sighting.Seen(name, node, Optional.empty()));
            }
        });
    }
}
