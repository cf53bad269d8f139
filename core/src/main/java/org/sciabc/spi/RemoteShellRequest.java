// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * The nodes that a launcher is about to start programs on.
 *
 * @param nodes the nodes, with address and account decided
 * @param settings the provisioner's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700); exists
 * @param isCold whether connections that are open already are left alone, and none is kept open for later: what is
 *     opened, {@link OpenConnections#closeOwn} closes
 */
public record RemoteShellRequest(List<ReadyNode> nodes, Settings settings, Path stateFolder, boolean isCold) {
    public RemoteShellRequest {
        nodes = List.copyOf(nodes);
    }

    /** A request for a shell that may use what is open, and may keep open what it opens. */
    public RemoteShellRequest(List<ReadyNode> nodes, Settings settings, Path stateFolder) {
        this(nodes, settings, stateFolder, false);
    }
}
