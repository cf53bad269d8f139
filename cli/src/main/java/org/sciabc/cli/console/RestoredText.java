// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.sciabc.provision.Difference;
import org.sciabc.provision.JournalEntry;
import org.sciabc.provision.Restored;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Untrusted;

/** What restoring would undo, or has undone, for people and as JSON; nodes with the same are said together. */
public final class RestoredText {
    private static final int LONGEST = 200;

    private RestoredText() {}

    /** What the journals hold, the newest change first: in this order it is undone. */
    public static List<String> preview(List<Restored> results) {
        return folded(results, result -> {
            List<String> lines = new ArrayList<>();
            for (JournalEntry entry : result.undone()) {
                lines.add("  undo: " + line(title(entry)) + (entry.done() ? "" : " (was cut off)"));
            }
            Collections.reverse(lines);
            lines = new ArrayList<>(new LinkedHashSet<>(lines));
            for (String note : result.notes()) {
                lines.add("  note: " + line(note));
            }
            if (lines.isEmpty() && result.failure().isEmpty()) {
                lines.add(result.hadJournal() ? "  nothing to undo; the journal itself goes" : "  nothing to undo");
            }
            return lines;
        });
    }

    /** What was undone, and what still differs from before. */
    public static List<String> outcome(List<Restored> results) {
        return folded(results, result -> {
            List<String> lines = new ArrayList<>();
            for (String note : result.notes()) {
                lines.add("  note: " + line(note));
            }
            for (Difference difference : result.differences()) {
                lines.add("  still differs: " + line(difference.what()) + ": was " + line(difference.was()) + ", is "
                        + line(difference.is()));
            }
            if (result.failure().isPresent()) {
                lines.add("  not restored completely");
            } else if (result.undone().isEmpty()) {
                lines.add("  nothing to undo");
            } else {
                int count = result.undone().size();
                String changes = count == 1 ? "1 change" : count + " changes";
                lines.add(
                        result.differences().isEmpty()
                                ? "  as before: " + changes + " undone, looked again, nothing differs"
                                : "  " + changes + " undone");
            }
            return lines;
        });
    }

    /** The JSON object: its keys are documented and stable. */
    public static String json(String cluster, boolean dryRun, List<Restored> results) {
        JsonStringWriter json = JsonWriter.string()
                .object()
                .value("cluster", cluster)
                .value("dryRun", dryRun)
                .array("nodes");
        results.forEach(result -> write(json, result, dryRun));
        return json.end().end().done();
    }

    private static void write(JsonStringWriter json, Restored result, boolean dryRun) {
        json.object();
        NodeJson.fields(json, result.node());
        if (!dryRun) {
            json.value("restored", result.isComplete());
        }
        json.array(dryRun ? "toUndo" : "undone");
        for (JournalEntry entry : result.undone()) {
            json.object()
                    .value("kind", entry.kind())
                    .value("title", line(entry.title()))
                    .value("subject", line(entry.subject()))
                    .value("done", entry.done())
                    .end();
        }
        json.end()
                .array("notes", result.notes().stream().map(RestoredText::line).toList());
        if (!dryRun) {
            json.array("differences");
            for (Difference difference : result.differences()) {
                json.object()
                        .value("what", line(difference.what()))
                        .value("was", line(difference.was()))
                        .value("is", line(difference.is()))
                        .end();
            }
            json.end();
        }
        result.failure().ifPresent(failure -> json.value("what", failure.what()).value("why", failure.why()));
        json.end();
    }

    private static List<String> folded(
            List<Restored> results, java.util.function.Function<Restored, List<String>> describe) {
        Map<List<String>, List<String>> namesByLines = new LinkedHashMap<>();
        for (Restored result : results) {
            namesByLines
                    .computeIfAbsent(describe.apply(result), first -> new ArrayList<>())
                    .add(result.node().name());
        }
        List<String> text = new ArrayList<>();
        namesByLines.forEach((lines, names) -> {
            if (!lines.isEmpty()) {
                text.add(NodeSet.of(names) + ":");
                text.addAll(lines);
            }
        });
        return text;
    }

    /** Of keys it is said whose they are: several accounts may have been given one. */
    private static String title(JournalEntry entry) {
        return entry.kind().equals("key") ? entry.title().replace("~/", entry.subject() + "/") : entry.title();
    }

    private static String line(String text) {
        return Untrusted.line(text, LONGEST);
    }
}
