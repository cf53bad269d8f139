// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sciabc.spi.Untrusted;

/**
 * A copy of one journal of a node, complete enough to undo what is in it.
 *
 * @param place whose journal it is: the machine's ({@link #SYSTEM}), or the account in whose home folder it is
 * @param machine systemd's id of the node's installation, or {@code unknown}
 * @param hostKey the SHA-256 fingerprint of the host key by which the node was verified that sent it; absent where that is not known
 * @param numbers the numbers of the entries that are still to be undone
 * @param archive the journal as a compressed archive, in lines of base64
 */
public record JournalCopy(
        String place, String machine, Optional<String> hostKey, List<String> numbers, List<String> archive) {
    /** No account can be called so; one may be called "system". */
    static final String SYSTEM = "@system";

    private static final String SYSTEM_FILE = "system";
    static final String UNKNOWN = "unknown";
    private static final Pattern HOST_KEY = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");
    private static final String KEY = "key ";
    private static final String NUMBER = "[0-9]{4,9}";

    public JournalCopy {
        hostKey = hostKey.filter(HOST_KEY.asMatchPredicate());
        numbers = List.copyOf(numbers);
        archive = List.copyOf(archive);
    }

    /** The same, from a node that was verified by this host key. */
    JournalCopy from(Optional<String> newHostKey) {
        return new JournalCopy(place, machine, newHostKey, numbers, archive);
    }

    /** What tells the machine from others, as a part of a file's name that is no node's id. */
    String machineWord() {
        return machine
                + hostKey.map(key -> "-" + key.replace("SHA256:", "").replace('/', '_'))
                        .orElse("");
    }

    JournalCopy without(Collection<String> undone) {
        List<String> left = new ArrayList<>(numbers);
        left.removeAll(undone);
        return new JournalCopy(place, machine, hostKey, left, archive);
    }

    String text() {
        return "machine " + machine + "\nentries " + String.join(" ", numbers) + "\n"
                + hostKey.map(key -> KEY + key + "\n").orElse("")
                + archive.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** What the file of a place is called; the machine's has its name from before, and leaves its own to an account of that one. */
    String fileName() {
        return turned(place);
    }

    /** The place that a file is of; empty when it is none of ours. */
    static Optional<String> placeOf(String fileName) {
        String place = turned(fileName);
        return place.equals(SYSTEM) ? Optional.of(place) : Untrusted.user(place);
    }

    private static String turned(String word) {
        return word.equals(SYSTEM) ? SYSTEM_FILE : word.equals(SYSTEM_FILE) ? SYSTEM : word;
    }

    /** Reads what {@link #text} wrote; empty when it is anything else. */
    static Optional<JournalCopy> parse(String place, String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.get(0).startsWith("machine ")
                || !lines.get(1).startsWith("entries")) {
            return Optional.empty();
        }
        Optional<String> hostKey = lines.stream()
                .skip(2)
                .limit(1)
                .filter(line -> line.startsWith(KEY))
                .findFirst();
        List<String> archive = lines.subList(hostKey.isPresent() ? 3 : 2, lines.size());
        JournalCopy copy = new JournalCopy(
                place,
                lines.get(0).substring("machine ".length()),
                hostKey.map(line -> line.substring(KEY.length())),
                numbers(lines.get(1)),
                archive);
        // One with a key that is none must not pass for one without.
        return copy.hostKey().isPresent() == hostKey.isPresent()
                        && archive.stream().allMatch(JournalCopy::isBase64)
                ? Optional.of(copy)
                : Optional.empty();
    }

    static List<String> numbers(String words) {
        return List.of(words.split(" ", -1)).stream()
                .filter(word -> word.matches(NUMBER))
                .toList();
    }

    static boolean isBase64(String line) {
        return line.matches("[A-Za-z0-9+/=]{1,100}");
    }
}
