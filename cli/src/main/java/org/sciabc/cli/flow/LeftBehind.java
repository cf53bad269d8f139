// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.JobFolders;
import org.sciabc.provision.Access;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Staging;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** Takes away what jobs have left on nodes: those whose sciabc was killed, and those whose node could not be reached. */
final class LeftBehind {
    private static final int WIDTH = 32;
    private static final Duration CLEANING = Duration.ofSeconds(20);

    private final JobFolders folders;
    private final Access access;
    private final Terminal terminal;

    LeftBehind(JobFolders folders, Access access, Terminal terminal) {
        this.folders = folders;
        this.access = access;
        this.terminal = terminal;
    }

    /** On these nodes; costs nothing where nothing was left. */
    void sweep(List<ReadyNode> ready) throws SciabcException, InterruptedException {
        List<JobFolders.Held> all = folders.left();
        try {
            for (JobFolders.Held left : all) {
                List<Node> nodes = ready.stream()
                        .map(ReadyNode::node)
                        .filter(node -> left.nodes().contains(node.name()))
                        .toList();
                List<String> swept = new ArrayList<>();
                for (Crowd.Result<Boolean> result :
                        new Staging(access, new Crowd(WIDTH, CLEANING)).remove(nodes, left.path())) {
                    if (result instanceof Crowd.Done<Boolean>) {
                        swept.add(result.node().name());
                    } else if (result instanceof Crowd.Failed<Boolean> failed) {
                        terminal.detail(left.path() + " stays on "
                                + failed.node().name() + ": " + failed.reason().getMessage());
                    }
                }
                left.goneFrom(swept);
                if (!swept.isEmpty()) {
                    terminal.say("removed " + left.path() + ", which an earlier job left on " + NodeSet.of(swept));
                }
            }
        } finally {
            all.forEach(JobFolders.Held::close);
        }
    }
}
