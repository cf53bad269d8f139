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
    private static final int MODES = 2;

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
        List<String> after = now.stream()
                .map(String::strip)
                .map(line -> entry.kind().equals("key") ? withoutModesOfTheOwner(entry, line) : line)
                .toList();
        return before.equals(after)
                ? List.of()
                : List.of(new Difference(node, what(entry), words(before, after), words(after, before)));
    }

    /**
     * What is noted with a key ends with the modes of the home folder and of the folder of keys. One that is not as it was, and
     * not what we made of it, is what the owner has chosen since.
     */
    private static String withoutModesOfTheOwner(JournalEntry entry, String now) {
        String[] before = String.join(" ", entry.before()).strip().split(" ", -1);
        String[] after = String.join(" ", entry.after()).strip().split(" ", -1);
        String[] words = now.split(" ", -1);
        for (int last = 1; last <= MODES; last++) {
            String was = fromEnd(before, last);
            String made = fromEnd(after, last);
            String is = fromEnd(words, last);
            boolean isOurs = made.equals(is) && !made.equals(was);
            if (isMode(was) && isMode(is) && !isOurs) {
                words[words.length - last] = was;
            }
        }
        return String.join(" ", words);
    }

    private static String fromEnd(String[] words, int last) {
        return words.length < last ? "" : words[words.length - last];
    }

    /** Otherwise the folder is absent. */
    private static boolean isMode(String word) {
        return word.matches("[0-7]+");
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
