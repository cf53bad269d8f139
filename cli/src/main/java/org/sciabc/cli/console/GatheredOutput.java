// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.NodeSet;

/** The output of many nodes, equal output once, under a header that names its nodes as clush and dshbak print it. */
public final class GatheredOutput {
    private static final String RULE = "---------------";

    private final Map<ByteBuffer, List<String>> nodes = new LinkedHashMap<>();

    /** Nodes that said the same. */
    record Group(NodeSet nodes, ByteBuffer said) {
        byte[] output() {
            byte[] copy = new byte[said.remaining()];
            said.duplicate().get(copy);
            return copy;
        }
    }

    /** What a node said in all. */
    public void add(String node, byte[] output) {
        nodes.computeIfAbsent(ByteBuffer.wrap(output), first -> new ArrayList<>())
                .add(node);
    }

    /** Prints every output once; nodes that said nothing are left out. */
    public void print(PrintStream target) {
        for (Group group : groups()) {
            byte[] output = group.output();
            if (output.length > 0) {
                header(target, group.nodes());
                target.write(output, 0, output.length);
                if (output[output.length - 1] != '\n') {
                    target.println();
                }
            }
        }
    }

    static void header(PrintStream target, NodeSet set) {
        target.println(RULE);
        target.println(set + (set.names().size() > 1 ? " (" + set.names().size() + ")" : ""));
        target.println(RULE);
    }

    /** In the order of their first nodes. */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        nodes.forEach((output, names) -> groups.add(new Group(NodeSet.of(names), output)));
        return groups;
    }
}
