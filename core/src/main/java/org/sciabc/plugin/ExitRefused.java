// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

/**
 * Thrown where a plugin tries to end the program: the calls of {@code System.exit} and its like in a plugin's classes come
 * here instead (see {@link ExitCalls}). Public only because those classes have to reach it.
 */
// The suggestion is for methods that people call by mistake; nobody calls these by name.
@SuppressWarnings("DoNotCallSuggester")
public final class ExitRefused extends Error {
    private static final long serialVersionUID = 1L;

    private ExitRefused(int status) {
        super("tried to end the program with status " + status);
    }

    /** Stands in for {@link System#exit}. */
    public static void exit(int status) {
        throw new ExitRefused(status);
    }

    /** Stands in for {@link Runtime#exit}. */
    public static void exit(Runtime runtime, int status) {
        throw new ExitRefused(status);
    }

    /** Stands in for {@link Runtime#halt}. */
    public static void halt(Runtime runtime, int status) {
        throw new ExitRefused(status);
    }
}
