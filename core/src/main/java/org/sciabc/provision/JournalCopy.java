// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A copy of one journal of a node, complete enough to undo what is in it.
 *
 * @param place whose journal it is: {@code system}, or the account in whose home folder it is
 * @param machine systemd's id of the node's installation, or {@code unknown}
 * @param numbers the numbers of the entries that are still to be undone
 * @param archive the journal as a compressed archive, in lines of base64
 */
public record JournalCopy(String place, String machine, List<String> numbers, List<String> archive) {
    static final String SYSTEM = "system";
    static final String UNKNOWN = "unknown";
    private static final String NUMBER = "[0-9]{4,9}";

    public JournalCopy {
        numbers = List.copyOf(numbers);
        archive = List.copyOf(archive);
    }

    /**
     * Whether it can be of this node: cloned cards aside, no two machines have the same id, and none tells it to others
     * (machine-id(5)). A copy without one is of no machine that has one: whoever takes the name of another node would have root put
     * there what he likes.
     */
    boolean canBeOf(Facts facts) {
        return machine.equals(facts.machine().machineId().orElse(UNKNOWN));
    }

    JournalCopy without(Collection<String> undone) {
        List<String> left = new ArrayList<>(numbers);
        left.removeAll(undone);
        return new JournalCopy(place, machine, left, archive);
    }

    String text() {
        return "machine " + machine + "\nentries " + String.join(" ", numbers) + "\n"
                + archive.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Reads what {@link #text} wrote; empty when it is anything else. */
    static Optional<JournalCopy> parse(String place, String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.get(0).startsWith("machine ")
                || !lines.get(1).startsWith("entries")) {
            return Optional.empty();
        }
        List<String> archive = lines.subList(2, lines.size());
        if (!archive.stream().allMatch(JournalCopy::isBase64)) {
            return Optional.empty();
        }
        return Optional.of(
                new JournalCopy(place, lines.get(0).substring("machine ".length()), numbers(lines.get(1)), archive));
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
