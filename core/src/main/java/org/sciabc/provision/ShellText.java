// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/** Text made safe for POSIX shell. */
public final class ShellText {
    private ShellText() {}

    /** One word that stands for exactly this text. */
    public static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** A path as a word; {@code ~/} stands for the home folder of the account that the shell runs as. */
    static String path(String path) {
        return path.startsWith("~/") ? "\"$HOME\"/" + quote(path.substring(2)) : quote(path);
    }

    /**
     * Gives a command this text on standard input.
     *
     * @param rest what follows the command: a pipe, a redirection, or nothing
     */
    static String withInput(String command, String rest, String text) {
        if (!text.endsWith("\n")) {
            return "printf %s " + quote(text) + " | " + command + rest;
        }
        String end = "END";
        while (("\n" + text).contains("\n" + end + "\n")) {
            end += "_";
        }
        return command + " <<'" + end + "'" + rest + "\n" + text + end;
    }
}
