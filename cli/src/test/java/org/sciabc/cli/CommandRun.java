// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.sciabc.cli.console.Terminal;

/** A command line that is run in this process, with nothing to read and no terminal. */
final class CommandRun {
    private CommandRun() {}

    /** Returns its exit status, when all that it wrote is in these. */
    static int of(
            Map<String, String> environment,
            ByteArrayOutputStream out,
            ByteArrayOutputStream err,
            String... arguments) {
        Terminal terminal = terminal(out, err);
        int status = new CommandLine(VerbTable.shipped(), environment).run(arguments, terminal);
        terminal.flush();
        return status;
    }

    static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Terminal(
                new ByteArrayInputStream(new byte[0]), stream(out), stream(err), "", Map.of("NO_COLOR", "1"));
    }

    static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
