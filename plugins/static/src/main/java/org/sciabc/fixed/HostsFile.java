// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.spi.Subnet;

/** A file of the form of hosts(5): an address, then its names. */
final class HostsFile {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private HostsFile() {}

    /**
     * The names that a pattern fits, each with its addresses in the order of the file. Of the names in one line the first
     * that fits counts; the others are the same machine.
     *
     * @param pattern a name in which {@code *} stands for any characters and {@code ?} for one
     */
    static Map<String, List<String>> matching(Stream<String> lines, String pattern) {
        Pattern names = glob(pattern);
        Map<String, List<String>> found = new LinkedHashMap<>();
        lines.map(line -> SPACE.split(line.replaceFirst("#.*", "").strip()))
                .filter(words -> words.length > 1 && isAddress(words[0]))
                .forEach(words -> firstFitting(words, names)
                        .ifPresent(name -> found.computeIfAbsent(name, unseen -> new ArrayList<>())
                                .add(words[0])));
        return found;
    }

    private static Optional<String> firstFitting(String[] words, Pattern names) {
        return Stream.of(words)
                .skip(1)
                .filter(name -> names.matcher(name).matches())
                .findFirst();
    }

    private static boolean isAddress(String word) {
        return word.indexOf('/') < 0
                && Subnet.parse(word.replaceFirst("%.*", "")).isPresent();
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        pattern.chars()
                .forEach(character -> regex.append(
                        switch (character) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(character));
                        }));
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }
}
