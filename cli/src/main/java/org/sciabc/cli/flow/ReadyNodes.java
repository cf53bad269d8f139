// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.sciabc.launch.Slots;
import org.sciabc.provision.ChosenUser;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;

/** Nodes as a launcher takes them. */
final class ReadyNodes {
    private ReadyNodes() {}

    /** These nodes, sorted as people count, each at its best address. */
    static List<ReadyNode> of(
            List<Node> nodes, java.util.function.Function<Node, ChosenUser> users, OptionalInt slots) {
        List<ReadyNode> ready = new ArrayList<>();
        for (Node node : nodes) {
            InetAddress address = node.addresses().get(0);
            ready.add(new ReadyNode(node, address, users.apply(node).name(), Slots.of(node, slots)));
        }
        ready.sort((a, b) ->
                NodeSet.NATURAL_ORDER.compare(a.node().name(), b.node().name()));
        return List.copyOf(ready);
    }
}
