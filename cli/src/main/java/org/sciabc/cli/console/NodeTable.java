// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;

/** Nodes in columns, for people. */
public final class NodeTable {
    private static final long BYTES_A_GIB = 1L << 30;
    private static final List<String> HEADER =
            List.of("NODE", "STATE", "USER", "CORES", "MEMORY", "ARCH", "SYSTEM", "ADDRESS", "SEEN BY");

    private NodeTable() {}

    /** Prints a header and one line a node. */
    public static void print(PrintStream out, List<RosterEntry> entries) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        entries.forEach(entry -> rows.add(row(entry)));
        int[] widths = new int[HEADER.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(row.get(column))
                        .append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static List<String> row(RosterEntry entry) {
        Node node = entry.node();
        Hardware hardware = node.hardware();
        String port = node.port() == Node.SSH_PORT ? "" : " port " + node.port();
        return List.of(
                node.name(),
                entry.state().name().toLowerCase(Locale.ROOT),
                node.user().orElse("-"),
                hardware.cores().isPresent() ? Integer.toString(hardware.cores().getAsInt()) : "-",
                hardware.memoryBytes().isPresent()
                        ? memory(hardware.memoryBytes().getAsLong())
                        : "-",
                hardware.arch().orElse("-"),
                hardware.os().orElse("-"),
                node.addresses().stream()
                                .limit(1)
                                .map(address -> address.getHostAddress())
                                .collect(Collectors.joining())
                        + port,
                String.join(",", entry.seenBy()));
    }

    private static String memory(long bytes) {
        long tenths = Math.round(bytes * 10.0 / BYTES_A_GIB);
        return tenths / 10 + "." + tenths % 10 + " GiB";
    }
}
