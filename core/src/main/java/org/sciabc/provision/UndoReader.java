// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows an undo: which entries there were, and which of them could not be undone. */
final class UndoReader {
    private final NodeOutput output;
    private final JournalReader journal = new JournalReader();
    private final List<String> failures = new ArrayList<>();
    private List<String> said = new ArrayList<>();

    UndoReader(NodeOutput output) {
        this.output = output;
    }

    synchronized void line(String line) {
        if (journal.take(line)) {
            return;
        }
        String[] words = line.split(" ", -1);
        if (line.startsWith("@sciabc undo ") && words.length >= 4) {
            if (words[3].equals("failed")) {
                failures.add(title(words[2]).orElse("entry " + words[2]) + ": " + NodeOutput.reason(said));
            }
            said = new ArrayList<>();
        } else if (!line.startsWith("@sciabc ")) {
            String shown = output.add(line);
            if (!shown.isEmpty()) {
                said.add(shown);
            }
        }
    }

    synchronized List<JournalEntry> entries() {
        return journal.entries();
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    private Optional<String> title(String number) {
        return journal.entries().stream()
                .filter(entry -> entry.number().equals(number))
                .map(JournalEntry::title)
                .findFirst();
    }
}
