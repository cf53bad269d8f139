// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.Node;

/** What differs between what a journal says was there and what is there now. */
final class Differences {
    private static final String KEYS = "/.ssh";

    private Differences() {}

    /** What counts is how each thing was before the first change to it. Packages were added by each run of its own. */
    static List<JournalEntry> oldestOfEach(List<JournalEntry> entries) {
        Map<String, JournalEntry> oldest = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            String key = entry.kind().equals("packages") ? entry.number() : entry.kind() + " " + entry.subject();
            if (!isAroundKey(entry, oldest)) {
                oldest.putIfAbsent(key, entry.kind().equals("key") ? withFolderFrom(oldest, entry) : entry);
            }
        }
        return List.copyOf(oldest.values());
    }

    /** Whoever added a key before noted how the folder of keys was. */
    private static boolean isAroundKey(JournalEntry entry, Map<String, JournalEntry> older) {
        String folder = entry.subject();
        return entry.kind().equals("folder")
                && folder.endsWith(KEYS)
                && older.containsKey("key " + folder.substring(0, folder.length() - KEYS.length()));
    }

    /** What is noted with a key ends with the mode of the folder of keys, as it was made before where it was changed. */
    private static JournalEntry withFolderFrom(Map<String, JournalEntry> older, JournalEntry entry) {
        JournalEntry folder = older.get("folder " + entry.subject() + KEYS);
        if (folder == null || entry.before().size() != 1 || folder.before().size() != 1) {
            return entry;
        }
        String before = entry.before().get(0);
        String mode = folder.before().get(0).replaceFirst("^folder ", "");
        return entry.withBefore(before.substring(0, before.lastIndexOf(' ') + 1) + mode);
    }

    static List<Difference> of(Node node, JournalEntry entry, List<String> now) {
        if (entry.kind().equals("packages")) {
            return packages(node, entry, now);
        }
        List<String> before = entry.before().stream().map(String::strip).toList();
        List<String> after = now.stream().map(String::strip).toList();
        return before.equals(after)
                ? List.of()
                : List.of(new Difference(node, what(entry), words(before, after), words(after, before)));
    }

    private static List<Difference> packages(Node node, JournalEntry entry, List<String> now) {
        List<Difference> differences = new ArrayList<>();
        for (String name : now) {
            differences.add(new Difference(node, name, "absent", "there"));
        }
        for (String change : entry.changed()) {
            String[] words = change.split(" ", -1);
            if (words.length == 3) {
                differences.add(new Difference(node, "package " + words[0], words[1], words[2]));
            }
        }
        return differences;
    }

    private static String what(JournalEntry entry) {
        return switch (entry.kind()) {
            case "key" -> entry.subject() + "/.ssh/authorized_keys";
            case "service", "account" -> entry.kind() + " " + entry.subject();
            default -> entry.subject();
        };
    }

    private static String words(List<String> lines, List<String> others) {
        List<String> differing =
                lines.stream().filter(line -> !others.contains(line)).toList();
        return differing.isEmpty() ? "nothing" : String.join("; ", differing);
    }
}
