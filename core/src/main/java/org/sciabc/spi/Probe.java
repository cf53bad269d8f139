// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A question to a node: a script whose standard output is the answer.
 *
 * @param name letters, digits, dots and hyphens
 * @param script POSIX shell text that reads nothing, changes nothing, and answers within a second; at most 16 KiB of its
 *     output are kept
 */
public record Probe(String name, String script) {
    private static final int LONGEST_LINE = 120;

    public Probe {
        if (!name.matches("[A-Za-z][A-Za-z0-9.-]{0,40}")) {
            throw new IllegalArgumentException("not a probe's name: " + name);
        }
    }

    /**
     * An answer that is made of lines such as {@code version 4.1.4}: what follows the first word, by that word, in the order of
     * the lines. Of two with one word the first counts; a word alone has an empty text. Each line is made printable and cut
     * after 120 characters.
     */
    public static Map<String, String> words(String answer) {
        Map<String, String> words = new LinkedHashMap<>();
        answer.lines().forEach(raw -> {
            String line = Untrusted.line(raw, LONGEST_LINE);
            int space = line.indexOf(' ');
            words.putIfAbsent(
                    space < 0 ? line : line.substring(0, space),
                    space < 0 ? "" : line.substring(space + 1).strip());
        });
        return Collections.unmodifiableMap(words);
    }
}
