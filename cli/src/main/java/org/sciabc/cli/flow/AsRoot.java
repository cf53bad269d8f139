// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.launch.OwnProcesses;

/** Runs a script as root: directly by root, with sudo by others, which asks for a password where there is a terminal. */
public final class AsRoot implements AnnounceInstallation.RootScript {
    private final Session session;

    public AsRoot(Session session) {
        this.session = session;
    }

    @Override
    public int run(String script) throws CliFailure, InterruptedException {
        List<String> command = new ArrayList<>(prefix());
        // What is said there is no data of ours.
        command.addAll(List.of("/bin/sh", "-c", "exec 1>&2\n" + script));
        session.terminal().flush();
        try {
            // With the terminal itself: there sudo asks.
            Process process = new ProcessBuilder(command).inheritIO().start();
            try {
                return process.waitFor();
            } finally {
                process.destroy();
            }
        } catch (IOException refused) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot start '" + command.get(0) + "'",
                    "it is missing or not executable",
                    "");
        }
    }

    private List<String> prefix() throws CliFailure {
        if (System.getProperty("user.name", "").equals("root")) {
            return List.of();
        }
        Optional<Path> sudo =
                OwnProcesses.find("sudo", session.environment().getOrDefault("PATH", "") + ":/usr/bin:/usr/local/bin");
        if (sudo.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "this needs root",
                    "you are not root, and there is no sudo",
                    "with --dry-run it prints what root has to run");
        }
        session.terminal().say("this needs root, because the file belongs to the system: using sudo");
        return session.terminal().canAsk()
                ? List.of(sudo.get().toString())
                : List.of(sudo.get().toString(), "-n");
    }
}
