// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
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

    /** Those of the nodes that a folded set names, or all of them when it names none. */
    static List<Node> selected(List<Node> nodes, List<String> sets) throws org.sciabc.spi.SciabcException {
        if (sets.isEmpty()) {
            return nodes;
        }
        List<String> wanted = NodeSet.parse(String.join(",", sets)).names();
        List<String> known = nodes.stream().map(Node::name).toList();
        List<String> missing =
                wanted.stream().filter(name -> !known.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE, NodeSet.of(missing) + " not found", "there are " + NodeSet.of(known), "");
        }
        return nodes.stream().filter(node -> wanted.contains(node.name())).toList();
    }
}
