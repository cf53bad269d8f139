// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.standby.Standby;
import org.sciabc.cli.standby.StandbyFolder;
import org.sciabc.cli.standby.StandbyProcess;

/** The program: {@code sciabc VERB [OPTIONS] [-- JOB...]}. */
public final class Sciabc {
    private Sciabc() {}

    /** Runs one verb and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        // Plugins log through slf4j; without a provider, it would tell the person so.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Optional<StandbyFolder> folder = StandbyFolder.toServe();
        if (folder.isPresent()) {
            new StandbyProcess(folder.get(), Sciabc::run).serve();
            Interruption.finish(0);
        }
        Terminal terminal = Terminal.ofProcess();
        int status = new CommandLine(VerbTable.shipped(), System.getenv()).run(arguments, terminal);
        terminal.flush();
        Interruption.finish(written(status, terminal));
    }

    /** What could not be written is missing to whoever reads it later. */
    private static int written(int status, Terminal terminal) {
        Optional<String> missing = terminal.unwritten();
        if (missing.isEmpty()) {
            return status;
        }
        terminal.error("cannot write to standard output: " + missing.get());
        return status == ExitCode.OK ? ExitCode.NOT_WRITTEN : status;
    }

    private static int run(String[] arguments, Terminal terminal, Map<String, String> environment, Standby standby) {
        return new CommandLine(VerbTable.shipped(), environment, Optional.of(standby)).run(arguments, terminal);
    }
}
