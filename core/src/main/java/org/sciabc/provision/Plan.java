// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;

/**
 * The exact steps, node by node, that would satisfy the requirements. Nothing has run yet.
 *
 * @param nodes one plan a node, sorted as people count
 */
public record Plan(List<NodePlan> nodes) {

    public Plan {
        nodes = nodes.stream()
                .sorted((a, b) ->
                        NodeSet.NATURAL_ORDER.compare(a.node().name(), b.node().name()))
                .toList();
    }

    /** Whether there is nothing to do. */
    public boolean isDone() {
        return nodes.stream().allMatch(NodePlan::isReady);
    }

    /** Nodes that would undergo the same, together. */
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (NodePlan each : nodes) {
            int at = 0;
            while (at < groups.size() && !groups.get(at).plan().isLike(each)) {
                at++;
            }
            if (at == groups.size()) {
                groups.add(new Group(List.of(each.node()), each));
            } else {
                groups.set(at, groups.get(at).with(each.node()));
            }
        }
        return List.copyOf(groups);
    }

    /**
     * Nodes with equal plans.
     *
     * @param nodes the nodes
     * @param plan the plan of any of them
     */
    public record Group(List<Node> nodes, NodePlan plan) {
        public Group {
            nodes = List.copyOf(nodes);
        }

        /** The names, folded, such as {@code node[1-8]}. */
        public String names() {
            return NodeSet.of(nodes.stream().map(Node::name).toList()).toString();
        }

        private Group with(Node node) {
            List<Node> more = new ArrayList<>(nodes);
            more.add(node);
            return new Group(more, plan);
        }
    }
}
