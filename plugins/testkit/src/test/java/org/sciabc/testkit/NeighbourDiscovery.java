// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.sciabc.spi.Node;
import org.sciabc.spi.SightingListener;

/** A right backend in a network where there is a node of another cluster, too. */
public class NeighbourDiscovery extends MemoryDiscovery {
    private static final Node NEIGHBOUR = SampleNodes.known("neighbour", "another", "127.0.0.1");

    @Override
    void look(Map<String, Node> network, Set<String> present, SightingListener listener) {
        Map<String, Node> all = new HashMap<>(network);
        all.put(NEIGHBOUR.name(), NEIGHBOUR);
        super.look(all, present, listener);
    }
}
