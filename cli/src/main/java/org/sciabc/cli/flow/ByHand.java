// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;

/**
 * What somebody needs who runs the launcher by hand: besides a hostfile, the remote shell's own configuration, which knows
 * account, port, key and host key of each node.
 */
final class ByHand {
    private final Setup setup;
    private final JobLauncher launcher;
    private List<ReadyNode> prepared = List.of();
    private Optional<RemoteShell> shell = Optional.empty();

    ByHand(Setup setup, JobLauncher launcher) {
        this.setup = setup;
        this.launcher = launcher;
    }

    /** Writes the configuration for these nodes, unless they are those of the last time. */
    void prepare(List<ReadyNode> nodes) throws SciabcException {
        if (!nodes.isEmpty() && !nodes.equals(prepared)) {
            Chosen<Provisioner> provisioner = setup.provisioner();
            shell = Optional.of(provisioner
                    .component()
                    .remoteShell(new RemoteShellRequest(nodes, provisioner.settings(), setup.stateFolder())));
            prepared = nodes;
        }
    }

    /** What to type, where the launcher has such a line. */
    Optional<String> line(Path hostfile) {
        return shell.flatMap(command -> launcher.byHand(command, hostfile));
    }
}
