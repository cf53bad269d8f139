// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.Untrusted;

/** Collects the entries that a node shows from its journal. */
final class JournalReader {
    private static final Set<String> KINDS =
            Set.of("account", "packages", "folder", "distribution", "file", "service", "key");
    private static final int LONGEST = 4096;

    private final List<Draft> drafts = new ArrayList<>();

    /** Takes a line of output when it belongs to the journal. */
    boolean take(String line) {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].equals("@sciabc")) {
            return false;
        }
        String rest = words.length == 3 ? Untrusted.line(words[2], LONGEST) : "";
        switch (words[1]) {
            case "entry" -> begin(rest);
            case "title" -> last().ifPresent(draft -> draft.title = rest);
            case "subject" -> last().ifPresent(draft -> draft.subject = rest);
            case "before" -> last().ifPresent(draft -> draft.before.add(rest));
            case "after" -> last().ifPresent(draft -> draft.after.add(rest));
            case "added" -> last().ifPresent(draft -> draft.added.add(rest));
            case "accounts" -> last().ifPresent(draft -> draft.accounts.add(rest));
            case "changed" -> last().ifPresent(draft -> draft.changed.add(rest));
            default -> {
                return false;
            }
        }
        return true;
    }

    List<JournalEntry> entries() {
        return drafts.stream().map(Draft::entry).toList();
    }

    private void begin(String rest) {
        String[] words = rest.split(" ", -1);
        if (words.length == 3 && words[0].matches("[0-9]{4,9}") && KINDS.contains(words[1])) {
            drafts.add(new Draft(words[0], words[1], words[2].equals("done")));
        }
    }

    private Optional<Draft> last() {
        return drafts.isEmpty() ? Optional.empty() : Optional.of(drafts.get(drafts.size() - 1));
    }

    /** An entry of which not all lines have come. */
    private static final class Draft {
        private final String number;
        private final String kind;
        private final boolean done;
        private final List<String> before = new ArrayList<>();
        private final List<String> after = new ArrayList<>();
        private final List<String> added = new ArrayList<>();
        private final List<String> accounts = new ArrayList<>();
        private final List<String> changed = new ArrayList<>();
        private String title = "";
        private String subject = "";

        Draft(String number, String kind, boolean done) {
            this.number = number;
            this.kind = kind;
            this.done = done;
        }

        JournalEntry entry() {
            return new JournalEntry(number, kind, done, title, subject, before, after, added, accounts, changed);
        }
    }
}
