// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Follows an undo: which entries there were, and which of them could not be undone. */
final class UndoReader {
    private final NodeOutput output;
    private final JournalReader journal = new JournalReader();
    private final List<String> failures = new ArrayList<>();
    private final List<String> undone = new ArrayList<>();
    private final List<String> mended = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final JournalCopyReader copy;
    private List<String> said = new ArrayList<>();

    UndoReader(String place, NodeOutput output) {
        this.copy = new JournalCopyReader(place);
        this.output = output;
    }

    synchronized void line(String line) {
        if (journal.take(line) || copy.take(line)) {
            return;
        }
        String[] words = line.split(" ", -1);
        if (line.startsWith("@sciabc undo ") && words.length >= 4) {
            if (words[3].equals("failed")) {
                failures.add(title(words[2]).orElseGet(() -> untitled(words[2])) + ": " + NodeOutput.reason(said));
            }
            if (words[3].equals("done")) {
                undone.add(words[2]);
            }
            said = new ArrayList<>();
        } else if (line.startsWith("@sciabc mended ")) {
            mended.add(words[2]);
        } else if (!line.startsWith("@sciabc ")) {
            String shown = output.add(line);
            if (!shown.isEmpty()) {
                said.add(shown);
                if (isNote(shown)) {
                    notes.add(shown);
                }
            }
        }
    }

    private static boolean isNote(String line) {
        return Stream.of("kept, because ", "left", "waited for another sciabc").anyMatch(line::startsWith);
    }

    synchronized List<JournalEntry> entries() {
        return journal.entries();
    }

    /** The numbers of those that are undone. */
    synchronized List<String> undone() {
        return List.copyOf(undone);
    }

    /** The numbers of those that were lost or damaged on the node. */
    synchronized List<String> mended() {
        return List.copyOf(mended);
    }

    /** What stays on purpose, and why, and what was waited for, in the words of the script. */
    synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    /** What is left of the journal. */
    synchronized Optional<JournalCopy> copy() {
        return copy.copy();
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    private static String untitled(String number) {
        return number.equals("accounts") ? "remove what packages made for themselves" : "entry " + number;
    }

    private Optional<String> title(String number) {
        return journal.entries().stream()
                .filter(entry -> entry.number().equals(number))
                .map(JournalEntry::title)
                .findFirst();
    }
}
