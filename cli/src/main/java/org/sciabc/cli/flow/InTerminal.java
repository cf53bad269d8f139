// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.OwnProcesses;

/** Programs that have the terminal itself: there sudo asks for a password. */
final class InTerminal implements LocalPackages.Installer {
    private final Terminal terminal;
    private final String searchPath;

    /**
     * Programs at this terminal.
     *
     * @param searchPath where sudo is, as in {@code PATH}
     */
    InTerminal(Terminal terminal, String searchPath) {
        this.terminal = terminal;
        this.searchPath = searchPath + ":/usr/bin:/usr/local/bin";
    }

    static InTerminal of(Session session) {
        return new InTerminal(session.terminal(), session.environment().getOrDefault("PATH", ""));
    }

    /** Sudo, which asks only where somebody can answer. */
    @Override
    public Optional<List<String>> sudo() {
        return OwnProcesses.find("sudo", searchPath)
                .map(sudo -> terminal.canAsk() ? List.of(sudo.toString()) : List.of(sudo.toString(), "-n"));
    }

    @Override
    public int run(List<String> command) throws CliFailure, InterruptedException {
        // What is said there is no data of ours.
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" >&2", "sh"));
        words.addAll(command);
        terminal.flush();
        try {
            Process process = new ProcessBuilder(words).inheritIO().start();
            try {
                return process.waitFor();
            } finally {
                process.destroy();
            }
        } catch (IOException refused) {
            throw new CliFailure(ExitCode.UNAVAILABLE, "cannot start '/bin/sh'", "it is missing or not executable", "");
        }
    }
}
