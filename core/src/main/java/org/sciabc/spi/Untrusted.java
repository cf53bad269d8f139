// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text that came from the network, made harmless. Anybody can announce anything: every value goes through here before it
 * reaches a terminal, a file or a command line.
 */
public final class Untrusted {
    private static final Pattern USER = Pattern.compile("(?!\\d+$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+:/ -]{0,63}");

    private Untrusted() {}

    /**
     * One printable line: control, format and unassigned characters, lone surrogates and line separators are removed, and
     * what is longer than the limit is cut.
     *
     * @param limit the greatest number of characters that are kept
     */
    public static String line(String text, int limit) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(4L * limit)
                .filter(Untrusted::isPrintable)
                .limit(limit)
                .forEach(kept::appendCodePoint);
        return kept.toString().strip();
    }

    /**
     * A node's name: what is not a letter, digit, dot, underscore or hyphen becomes a hyphen; at most 63 characters; never
     * begins with a hyphen or dot, so that it can be neither an option nor a hidden file.
     *
     * @return empty when nothing usable is left
     */
    public static Optional<String> nodeName(String text) {
        String name = line(text, 63).replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /**
     * A user's name, or empty when the text is not one that any login program would take. One of digits alone is left out: many
     * a program takes it for a number.
     */
    public static Optional<String> user(String text) {
        return USER.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    /** A short word such as an architecture or an operating system's name, or empty when the text is anything else. */
    public static Optional<String> word(String text) {
        return WORD.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
