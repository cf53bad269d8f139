// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * The circumstances under which a component says what it needs on nodes.
 *
 * @param cluster the name of the cluster
 * @param settings this component's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700); exists
 * @param nodes the nodes that are meant, as far as they are known; empty where nobody has looked for them. What is needed is
 *     the same on each of them
 */
public record RequirementsRequest(String cluster, Settings settings, Path stateFolder, List<ReadyNode> nodes) {
    public RequirementsRequest {
        nodes = List.copyOf(nodes);
    }

    /** Before anybody has looked for nodes. */
    public RequirementsRequest(String cluster, Settings settings, Path stateFolder) {
        this(cluster, settings, stateFolder, List.of());
    }
}
