// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Execution;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ReadyNode;

/** Nodes that joined while a job ran: anybody can announce anything, so that each has to let us in first. */
final class Newcomers {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int WIDTH = 32;

    private Newcomers() {}

    static List<ReadyNode> whoLetUsIn(Reach reach, List<ReadyNode> joined, Terminal terminal)
            throws InterruptedException {
        List<Crowd.Result<Execution.Ran>> results = new Execution(reach.access(), new Crowd(WIDTH, PATIENCE))
                .run(
                        joined.stream().map(ReadyNode::node).toList(),
                        "true",
                        node -> CommandStreams.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
        List<ReadyNode> in = new ArrayList<>();
        for (int i = 0; i < joined.size(); i++) {
            if (results.get(i) instanceof Crowd.Failed<Execution.Ran> failed) {
                terminal.warning(failed.node().name() + " joined and is left out: "
                        + failed.reason().getMessage());
            } else {
                in.add(joined.get(i));
            }
        }
        return List.copyOf(in);
    }
}
