// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;

/** Runs a script as root: directly by root, with sudo by others, which asks for a password where there is a terminal. */
public final class AsRoot implements AnnounceInstallation.RootScript {
    private final Session session;

    public AsRoot(Session session) {
        this.session = session;
    }

    @Override
    public int run(String script) throws CliFailure, InterruptedException {
        InTerminal programs = InTerminal.of(session);
        List<String> command = new ArrayList<>(prefix(programs));
        command.addAll(List.of("/bin/sh", "-c", script));
        return programs.run(command);
    }

    private List<String> prefix(InTerminal programs) throws CliFailure {
        if (System.getProperty("user.name", "").equals("root")) {
            return List.of();
        }
        Optional<List<String>> sudo = programs.sudo();
        if (sudo.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "this needs root",
                    "you are not root, and there is no sudo",
                    "with --dry-run it prints what root has to run");
        }
        session.terminal().say("this needs root, because the file belongs to the system: using sudo");
        return sudo.get();
    }
}
