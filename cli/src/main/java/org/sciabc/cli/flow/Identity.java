// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.config.Folders;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;

/**
 * This machine's identity: the one that provisioning gave it, the one that is announced at every start, else one of the user's
 * own, made once. Whoever asks, it is one machine.
 */
final class Identity {
    private Identity() {}

    static NodeId of(ThisMachine machine, Folders folders, Map<String, String> environment)
            throws SciabcException, InterruptedException {
        Optional<NodeId> known =
                machine.provisionedId().or(machine::announcedId).or(() -> callersId(machine, environment));
        return known.isPresent() ? known.get() : ownId(folders);
    }

    /** That of the account that sudo was called from, unless the folder was named, which then is the same for both. */
    private static Optional<NodeId> callersId(ThisMachine machine, Map<String, String> environment) {
        return environment.containsKey("SCIABC_HOME") || environment.containsKey("XDG_STATE_HOME")
                ? Optional.empty()
                : Optional.ofNullable(environment.get("SUDO_USER")).flatMap(machine::idOf);
    }

    private static NodeId ownId(Folders folders) throws SciabcException, InterruptedException {
        makeFolder(folders);
        Path file = folders.state().resolve("node-id");
        AtomicFile atomic = AtomicFile.at(file);
        atomic.update(text -> text.map(String::strip)
                .filter(line -> NodeId.parse(line).isPresent())
                .orElseGet(() -> UUID.randomUUID().toString()));
        return atomic.read()
                .map(String::strip)
                .flatMap(NodeId::parse)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.CONFIGURATION, "cannot keep this machine's id", file + " was changed meanwhile", ""));
    }

    private static void makeFolder(Folders folders) throws CliFailure {
        try {
            folders.makeState();
        } catch (java.io.IOException unwritable) {
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot make the folder " + folders.state(),
                    "you may not write there",
                    "set SCIABC_HOME to a folder of your own");
        }
    }
}
