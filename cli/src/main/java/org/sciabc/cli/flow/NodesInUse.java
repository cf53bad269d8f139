// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.roster.Discovered;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** Where the nodes of a run come from: discovery, or a hostfile. */
public final class NodesInUse {
    private NodesInUse() {}

    /** The nodes of the hostfile where one was named, with the accounts that it names, else those that are found. */
    public static List<Node> of(Optional<String> hostfile, Setup setup, DiscoveryOptions discovery, Reach reach)
            throws SciabcException, InterruptedException {
        if (hostfile.isPresent()) {
            discovery.requireNone(
                    "--hostfile", "the nodes are those of " + hostfile.get() + ", and none are looked for");
        }
        return hostfile.isPresent()
                ? listed(hostfile.get(), setup, reach)
                : discover(new DiscoverStage(setup, discovery, reach.questions()), List.of());
    }

    /** The same once more, after some have died: however few are left. */
    public static List<Node> again(Optional<String> hostfile, Setup setup, DiscoveryOptions discovery, Reach reach)
            throws SciabcException, InterruptedException {
        return hostfile.isPresent()
                ? listed(hostfile.get(), setup, reach)
                : new DiscoverStage(setup, discovery, reach.questions())
                        .run().nodes().stream().map(RosterEntry::node).toList();
    }

    private static List<Node> listed(String hostfile, Setup setup, Reach reach)
            throws SciabcException, InterruptedException {
        List<Node> nodes = HostfileNodes.read(
                hostfile,
                KnownNodes.all(setup),
                setup.configuration().slots(),
                InetAddress::getByName,
                setup.session().terminal()::say);
        nodes.forEach(reach::takeAccountOf);
        return nodes;
    }

    /** The nodes that are found, or those of them that were named. */
    public static List<Node> discover(DiscoverStage stage, List<String> sets)
            throws SciabcException, InterruptedException {
        if (!sets.isEmpty()) {
            named(sets);
        }
        Discovered discovered = stage.run();
        stage.requireEnough(discovered);
        return selected(discovered.nodes().stream().map(RosterEntry::node).toList(), sets);
    }

    /** Those of the nodes that a folded set names, or all of them when it names none. */
    public static List<Node> selected(List<Node> nodes, List<String> sets) throws SciabcException {
        if (sets.isEmpty()) {
            return nodes;
        }
        List<String> wanted = named(sets);
        List<String> known = nodes.stream().map(Node::name).toList();
        List<String> missing =
                wanted.stream().filter(name -> !known.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE, NodeSet.of(missing) + " not found", "there are " + NodeSet.of(known), "");
        }
        return among(nodes, sets);
    }

    /** Those of the nodes that a folded set names, however few are there, or all of them when it names none. */
    public static List<Node> among(List<Node> nodes, List<String> sets) throws SciabcException {
        if (sets.isEmpty()) {
            return nodes;
        }
        List<String> wanted = named(sets);
        return nodes.stream().filter(node -> wanted.contains(node.name())).toList();
    }

    /** The names in folded sets. */
    public static List<String> named(List<String> sets) throws CliFailure {
        try {
            return NodeSet.parse(String.join(",", sets)).names();
        } catch (SciabcException broken) {
            throw CliFailure.of(ExitCode.USAGE, broken);
        }
    }

    /** Whether a word is a folded set of names of nodes that are there. */
    public static boolean areNamed(List<Node> nodes, String word) {
        List<String> names = names(word);
        return !names.isEmpty() && nodes.stream().map(Node::name).toList().containsAll(names);
    }

    /** Whether a word is a folded set of names of which at least one is that of a node that is there. */
    public static boolean isAnyNamed(List<Node> nodes, String word) {
        List<String> names = names(word);
        return nodes.stream().map(Node::name).anyMatch(names::contains);
    }

    private static List<String> names(String word) {
        try {
            return NodeSet.parse(word).names();
        } catch (SciabcException somethingElse) {
            return List.of();
        }
    }
}
