// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

/** Text for POSIX shells. */
final class ShellText {
    private ShellText() {}

    /** A word that every POSIX shell reads as exactly this text. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
