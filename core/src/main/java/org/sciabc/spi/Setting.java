// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The declaration of one setting of a component.
 *
 * @param key lower-case letters, digits and hyphens; unique within the component; without the component's id
 * @param type how text is turned into a value, and what is refused
 * @param defaultText what holds when nothing was given; empty when there is no default
 * @param help one line without a full stop, with the unit where there is one
 */
public record Setting(String key, Type type, Optional<String> defaultText, String help) {

    /** The kinds of value. */
    public enum Type {
        /** Any text without control characters. */
        TEXT,
        /** A whole number, zero or more. */
        NUMBER,
        /** A duration such as {@code 300ms}, {@code 5s} or {@code 2m}; a bare number means seconds. */
        DURATION,
        /** {@code true} or {@code false}. */
        FLAG,
        /** Texts separated by commas. */
        LIST,
        /** A value that is never shown, logged or stored. */
        SECRET
    }

    public Setting {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(defaultText, "defaultText is null");
        Objects.requireNonNull(help, "help is null");
        if (!key.matches("[a-z][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException("not a setting's key: " + key);
        }
    }

    /** A text with a default. */
    public static Setting text(String key, String defaultText, String help) {
        return new Setting(key, Type.TEXT, Optional.of(defaultText), help);
    }

    /** A text that is absent unless given. */
    public static Setting optionalText(String key, String help) {
        return new Setting(key, Type.TEXT, Optional.empty(), help);
    }

    /** A whole number with a default. */
    public static Setting number(String key, long defaultNumber, String help) {
        return new Setting(key, Type.NUMBER, Optional.of(Long.toString(defaultNumber)), help);
    }

    /** A duration with a default. */
    public static Setting duration(String key, Duration defaultDuration, String help) {
        return new Setting(key, Type.DURATION, Optional.of(Durations.format(defaultDuration)), help);
    }

    /** A yes or no with a default. */
    public static Setting flag(String key, boolean defaultFlag, String help) {
        return new Setting(key, Type.FLAG, Optional.of(Boolean.toString(defaultFlag)), help);
    }

    /** A list of texts, empty unless given. */
    public static Setting list(String key, String help) {
        return new Setting(key, Type.LIST, Optional.of(""), help);
    }

    /** A secret that is absent unless given. */
    public static Setting secret(String key, String help) {
        return new Setting(key, Type.SECRET, Optional.empty(), help);
    }

    /** Splits what was given for a {@link Type#LIST}. */
    static List<String> split(String text) {
        return text.isBlank()
                ? List.of()
                : java.util.Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList();
    }
}
