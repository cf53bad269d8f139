// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import org.sciabc.cli.console.Terminal;

/** The program: {@code sciabc VERB [OPTIONS] [-- JOB...]}. */
public final class Sciabc {
    private Sciabc() {}

    /** Runs one verb and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        // Plugins log through slf4j; without a provider, it would tell the person so.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Terminal terminal = Terminal.ofProcess();
        int status = new CommandLine(VerbTable.shipped(), System.getenv()).run(arguments, terminal);
        terminal.flush();
        Interruption.finish(status);
    }
}
