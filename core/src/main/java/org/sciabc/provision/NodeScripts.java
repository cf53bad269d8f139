// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The pieces of shell that run on nodes, kept as resources beside this class. */
enum NodeScripts {
    BASE,
    STATE,
    PACKAGES,
    NEEDS,
    FACTS,
    JOURNAL,
    STEPS,
    UNDO,
    SESSION,
    SEND,
    COPY,
    PARTS,
    STAGE;

    private final String text = read(name().toLowerCase(java.util.Locale.ROOT) + ".sh");

    /** The pieces one after the other. */
    static String of(NodeScripts... pieces) {
        return Arrays.stream(pieces).map(piece -> piece.text).collect(Collectors.joining("\n"));
    }

    /** These functions alone: a shell that has input besides its script reads it byte by byte. */
    static String functions(String... names) {
        return Arrays.stream(names).map(NodeScripts::function).collect(Collectors.joining());
    }

    /** The text of one function, for people who want to read what a command does. */
    static String function(String name) {
        Pattern whole =
                Pattern.compile("^" + Pattern.quote(name) + "\\(\\) \\{(.*\\}\n|\n(.*\n)*?\\}\n)", Pattern.MULTILINE);
        for (NodeScripts piece : values()) {
            Matcher found = whole.matcher(piece.text);
            if (found.find()) {
                return found.group();
            }
        }
        throw new IllegalArgumentException("no such function: " + name);
    }

    private static String read(String resource) {
        try (InputStream in = NodeScripts.class.getResourceAsStream(resource)) {
            String text = new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceFirst("^(#!.*\n)?(# SPDX-.*\n)?(#\n)?\n*", "");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
