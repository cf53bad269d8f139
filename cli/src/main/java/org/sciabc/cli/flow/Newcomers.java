// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * Nodes that joined while a job ran: anybody can announce anything, so that each has to let us in, and to fit the job as well
 * as those that are left. Who does not is left out with a word; nobody is asked anything.
 */
final class Newcomers {
    private final LaunchStage launch;
    private final Reach reach;
    private final Terminal terminal;

    Newcomers(LaunchStage launch, Reach reach, Terminal terminal) {
        this.launch = launch;
        this.reach = reach;
        this.terminal = terminal;
    }

    /**
     * Those of the nodes that joined on which the job can run, together with the ones that are left.
     *
     * @param brings whether files that a node lacks are going to be brought there
     */
    List<ReadyNode> fitting(List<ReadyNode> left, List<ReadyNode> joined, LaunchRequest.Job job, boolean brings)
            throws SciabcException, InterruptedException {
        if (joined.isEmpty()) {
            return List.of();
        }
        reach.askNoMore();
        List<ReadyNode> met = met(ofOthersThanRoot(joined, job));
        if (met.isEmpty()) {
            return List.of();
        }
        List<ReadyNode> together = Stream.concat(left.stream(), met.stream()).toList();
        Map<ReadyNode, String> misfits = launch.misfits(launch.request(together, job), met, brings);
        misfits.forEach((node, why) -> leaveOut(node.node().name(), why));
        return met.stream().filter(node -> !misfits.containsKey(node)).toList();
    }

    private List<ReadyNode> ofOthersThanRoot(List<ReadyNode> joined, LaunchRequest.Job job) {
        List<ReadyNode> others = new ArrayList<>(joined);
        others.removeIf(node -> JobsOfRoot.isRefusedOn(node, job));
        joined.stream()
                .filter(node -> !others.contains(node))
                .forEach(node -> leaveOut(node.node().name(), "the job would run as root there"));
        return List.copyOf(others);
    }

    private List<ReadyNode> met(List<ReadyNode> joined) throws SciabcException, InterruptedException {
        Map<Node, SciabcException> refused = new Introductions(reach, terminal).meet(launch.remoteShellRequest(joined));
        refused.forEach((node, reason) -> leaveOut(node.name(), String.valueOf(reason.getMessage())));
        Set<String> names = refused.keySet().stream().map(Node::name).collect(Collectors.toSet());
        List<ReadyNode> met = new ArrayList<>(joined);
        met.removeIf(node -> names.contains(node.node().name()));
        return List.copyOf(met);
    }

    private void leaveOut(String name, String why) {
        terminal.warning(name + " joined and is left out: " + why);
    }
}
