// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Node;

/** What is known of a node, each thing in a few characters; a hyphen where it is unknown. */
final class NodeCells {
    private static final String UNKNOWN = "-";
    private static final long BYTES_A_GIB = 1L << 30;

    private NodeCells() {}

    static String state(RosterEntry entry) {
        return entry.state().name().toLowerCase(Locale.ROOT);
    }

    static String user(RosterEntry entry) {
        return entry.node().user().orElse(UNKNOWN);
    }

    static String cores(RosterEntry entry) {
        var cores = entry.node().hardware().cores();
        return cores.isPresent() ? Integer.toString(cores.getAsInt()) : UNKNOWN;
    }

    static String memory(RosterEntry entry) {
        var bytes = entry.node().hardware().memoryBytes();
        if (bytes.isEmpty()) {
            return UNKNOWN;
        }
        long tenths = Math.round(bytes.getAsLong() * 10.0 / BYTES_A_GIB);
        return tenths / 10 + "." + tenths % 10 + " GiB";
    }

    static String arch(RosterEntry entry) {
        return entry.node().hardware().arch().orElse(UNKNOWN);
    }

    static String system(RosterEntry entry) {
        return entry.node().hardware().os().orElse(UNKNOWN);
    }

    static String address(RosterEntry entry) {
        Node node = entry.node();
        if (node.addresses().isEmpty()) {
            return UNKNOWN;
        }
        String port = node.port() == Node.SSH_PORT ? "" : " port " + node.port();
        return node.addresses().get(0).getHostAddress() + port;
    }

    static String seenBy(RosterEntry entry) {
        return String.join(",", entry.seenBy());
    }

    /** How long ago that was, in its largest unit. */
    static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }
}
