// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.sciabc.roster.Claim;
import org.sciabc.roster.RosterEntry;

/** Nodes in columns, for people. */
public final class NodeTable {
    private static final List<String> HEADER =
            List.of("NODE", "STATE", "USER", "CORES", "MEMORY", "ARCH", "SYSTEM", "ADDRESS", "SEEN BY");
    private static final List<String> KNOWN_HEADER =
            List.of("NODE", "STATE", "USER", "CORES", "MEMORY", "ADDRESS", "LAST SEEN", "HOW");
    private static final List<String> LIVE_HEADER =
            List.of("NODE", "STATE", "USER", "CORES", "MEMORY", "ADDRESS", "SEEN BY", "SINCE");

    private NodeTable() {}

    /** Prints a header and one line a node. */
    public static void print(PrintStream out, List<RosterEntry> entries) {
        lines(HEADER, entries, NodeTable::row).forEach(out::println);
    }

    /** Prints a header and one line a node, with when and how each was last seen. */
    public static void printKnown(PrintStream out, List<RosterEntry> entries, Instant now) {
        lines(KNOWN_HEADER, entries, entry -> knownRow(entry, now)).forEach(out::println);
    }

    /** A header and one line a node, with how long each has been in its state. */
    static List<String> live(List<RosterEntry> entries, Instant now) {
        return lines(LIVE_HEADER, entries, entry -> liveRow(entry, now));
    }

    private static List<String> lines(
            List<String> header, List<RosterEntry> entries, Function<RosterEntry, List<String>> row) {
        List<List<String>> rows = new ArrayList<>(List.of(header));
        entries.forEach(entry -> rows.add(row.apply(entry)));
        return Columns.aligned(rows);
    }

    private static List<String> row(RosterEntry entry) {
        return List.of(
                entry.node().name(),
                NodeCells.state(entry),
                NodeCells.user(entry),
                NodeCells.cores(entry),
                NodeCells.memory(entry),
                NodeCells.arch(entry),
                NodeCells.system(entry),
                NodeCells.address(entry),
                NodeCells.seenBy(entry));
    }

    private static List<String> knownRow(RosterEntry entry, Instant now) {
        return List.of(
                entry.node().name(),
                NodeCells.state(entry),
                NodeCells.user(entry),
                NodeCells.cores(entry),
                NodeCells.memory(entry),
                NodeCells.address(entry),
                NodeCells.age(entry.lastSeen(), now) + " ago",
                how(entry));
    }

    private static List<String> liveRow(RosterEntry entry, Instant now) {
        return List.of(
                entry.node().name(),
                NodeCells.state(entry),
                NodeCells.user(entry),
                NodeCells.cores(entry),
                NodeCells.memory(entry),
                NodeCells.address(entry),
                NodeCells.seenBy(entry),
                NodeCells.age(entry.since(), now));
    }

    /** What the last sign of life was. */
    private static String how(RosterEntry entry) {
        Claim last = entry.claims().stream()
                .max(Comparator.comparing(Claim::lastSeen))
                .orElseThrow();
        boolean answered = entry.lastAnswer()
                .filter(answer -> !answer.isBefore(last.lastSeen()))
                .isPresent();
        String seen = last.key().backend()
                + last.networkInterface().map(name -> " on " + name).orElse("");
        return answered ? "answered a probe" : last.standing() == Claim.Standing.LEFT ? seen + ", left" : seen;
    }
}
