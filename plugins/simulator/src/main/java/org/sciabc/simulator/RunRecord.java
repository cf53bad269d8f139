// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.Collectors;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Subnet;

/**
 * What one process tells the others about the nodes that it simulates.
 *
 * @param owner the process
 * @param nodes its nodes; none while it starts or ends
 */
record RunRecord(Owner owner, List<Node> nodes) {

    RunRecord {
        nodes = List.copyOf(nodes);
    }

    /** The lines of a file that {@link #parse} reads back. */
    String text() {
        Properties lines = new Properties();
        lines.put("machine", owner.machine());
        lines.put("boot", owner.boot());
        lines.put("pid", Long.toString(owner.pid()));
        lines.put("started", owner.started());
        lines.put("nodes", Integer.toString(nodes.size()));
        for (int i = 0; i < nodes.size(); i++) {
            put(lines, prefix(i), nodes.get(i));
        }
        return written(lines);
    }

    private static void put(Properties lines, String prefix, Node node) {
        lines.put(prefix + "name", node.name());
        lines.put(prefix + "address", node.addresses().get(0).getHostAddress());
        lines.put(prefix + "port", Integer.toString(node.port()));
        node.id().ifPresent(id -> lines.put(prefix + "id", id.value()));
        node.user().ifPresent(user -> lines.put(prefix + "user", user));
        node.hostKey().ifPresent(key -> lines.put(prefix + "hostkey", key));
        node.cluster().ifPresent(cluster -> lines.put(prefix + "cluster", cluster));
        node.hardware().cores().ifPresent(cores -> lines.put(prefix + "cores", Integer.toString(cores)));
        node.hardware().arch().ifPresent(arch -> lines.put(prefix + "arch", arch));
        node.hardware().os().ifPresent(os -> lines.put(prefix + "os", os));
    }

    private static String written(Properties lines) {
        StringWriter text = new StringWriter();
        try {
            lines.store(text, null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        // The JDK begins with a comment that holds the time of day.
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Reads the text of a record; empty when it is not one. */
    static Optional<RunRecord> parse(String text) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(value(lines, "nodes")); i++) {
                nodes.add(node(lines, prefix(i)));
            }
            Owner owner = new Owner(
                    value(lines, "machine"),
                    value(lines, "boot"),
                    Long.parseLong(value(lines, "pid")),
                    value(lines, "started"));
            return Optional.of(new RunRecord(owner, nodes));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Node node(Properties lines, String prefix) {
        InetAddress address = Subnet.parse(value(lines, prefix + "address"))
                .map(Subnet::base)
                .orElseThrow(() -> new IllegalArgumentException("no address"));
        return new Node(
                optional(lines, prefix + "id").map(NodeId::new),
                value(lines, prefix + "name"),
                List.of(address),
                Integer.parseInt(value(lines, prefix + "port")),
                optional(lines, prefix + "user"),
                new Hardware(
                        optional(lines, prefix + "cores")
                                .map(cores -> OptionalInt.of(Integer.parseInt(cores)))
                                .orElse(OptionalInt.empty()),
                        OptionalLong.empty(),
                        optional(lines, prefix + "arch"),
                        optional(lines, prefix + "os")),
                optional(lines, prefix + "hostkey"),
                optional(lines, prefix + "cluster"));
    }

    private static String prefix(int index) {
        return "node." + index + ".";
    }

    private static String value(Properties lines, String key) {
        return optional(lines, key).orElseThrow(() -> new IllegalArgumentException("no line " + key));
    }

    private static Optional<String> optional(Properties lines, String key) {
        return Optional.ofNullable(lines.getProperty(key));
    }
}
