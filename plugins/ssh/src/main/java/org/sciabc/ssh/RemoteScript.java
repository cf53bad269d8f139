// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A script in the form in which it gets to {@code /bin/sh} on the node, past a login shell of any kind.
 *
 * <p>The SSH server hands one command line to the account's login shell, which may be fish or csh, print a greeting first,
 * and takes 128 KiB at the most. So that line is always the same few words, quoted so that all shells agree about them, and
 * the script comes through standard input. The first line of output and the first of errors hold a random mark: what comes
 * before it was not said by the script. The script ends with the mark as well: without it, it was cut off on its way, and
 * half a script is not run.
 */
final class RemoteScript {
    /** A shell that reads byte by byte needs about as long for this many as for starting cat. */
    private static final int READ_BY_THE_SHELL = 1_024;

    private final String script;
    private final boolean hasInput;
    private final String mark;

    /**
     * Wraps a script.
     *
     * @param hasInput whether more than nothing will follow on standard input
     */
    RemoteScript(String script, boolean hasInput, SecureRandom random) {
        byte[] token = new byte[12];
        random.nextBytes(token);
        this.script = script;
        this.hasInput = hasInput;
        this.mark = "sciabc-" + HexFormat.of().formatHex(token);
    }

    /** What the script's own output begins after: this, a space, the number of its process, and a line feed. */
    String mark() {
        return mark;
    }

    /** The command line for the login shell. */
    String commandLine() {
        // Only characters that bash, dash, ksh, zsh, csh, tcsh and fish read alike between single quotes: no single
        // quote,
        // no exclamation mark, no line feed, and a backslash only before an n.
        String announce = "echo " + mark + " $$;echo " + mark + " >&2;";
        String take = isTakenAtOnce() ? takeAll() : takeLines();
        return "exec /bin/sh -c '" + announce + take + "'";
    }

    /** What standard input begins with. */
    byte[] input() {
        return (script + "\n" + mark + (isTakenAtOnce() ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
    }

    private boolean isTakenAtOnce() {
        return script.length() > READ_BY_THE_SHELL && !hasInput;
    }

    /** Everything is script, but for the mark at its end. */
    private String takeAll() {
        return "s=$(cat);case $s in (*" + mark + ")eval \"unset s;${s%" + mark + "}\";;(*)exit 255;;esac";
    }

    /** The script goes as far as the mark; what comes after it is the script's own input, of which nothing may be taken. */
    private String takeLines() {
        return "s=$(while IFS= read -r l;do [ \"$l\" = " + mark + " ]&&exit 0;printf \"%s\\n\" \"$l\";done;exit 255)"
                + "&&eval \"unset s;$s\"";
    }
}
