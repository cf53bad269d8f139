// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Objects;

/**
 * Something worth telling the person at the keyboard that changes nothing: notices go to the console and influence no
 * decision.
 *
 * @param level how much it matters
 * @param text one line without control characters, in lower case, without a full stop
 */
public record Notice(Level level, String text) {
    /** How much a notice matters. */
    public enum Level {
        /** For those who want to follow what happens. */
        INFO,
        /** Something was left out, refused or looks wrong, and the work goes on. */
        WARNING
    }

    public Notice {
        Objects.requireNonNull(level, "level is null");
        text = Untrusted.line(text, 500);
    }

    /** A notice for those who want to follow what happens. */
    public static Notice info(String text) {
        return new Notice(Level.INFO, text);
    }

    /** A notice that something was left out, refused or looks wrong. */
    public static Notice warning(String text) {
        return new Notice(Level.WARNING, text);
    }
}
