// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.launch.HostfileLine;
import org.sciabc.roster.Discovered;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Where the nodes of a run come from: discovery, or a hostfile. */
public final class NodesInUse {
    private NodesInUse() {}

    /** The nodes of the hostfile where one was named, else those that are found. */
    public static List<Node> of(Optional<String> hostfile, Setup setup, DiscoveryOptions discovery, Questions questions)
            throws SciabcException, InterruptedException {
        return hostfile.isPresent()
                ? ofHostfile(hostfile.get())
                : discover(new DiscoverStage(setup, discovery, questions), List.of());
    }

    /** The nodes that are found, or those of them that were named. */
    public static List<Node> discover(DiscoverStage stage, List<String> sets)
            throws SciabcException, InterruptedException {
        Discovered discovered = stage.run();
        stage.requireEnough(discovered);
        return selected(discovered.nodes().stream().map(RosterEntry::node).toList(), sets);
    }

    /** The nodes of a hostfile; its slots stand for the cores. */
    private static List<Node> ofHostfile(String file) throws SciabcException {
        List<Node> nodes = new ArrayList<>();
        for (HostfileLine line : HostfileLine.parse(file, text(file))) {
            nodes.add(node(file, line));
        }
        return List.copyOf(nodes);
    }

    /** Those of the nodes that a folded set names, or all of them when it names none. */
    public static List<Node> selected(List<Node> nodes, List<String> sets) throws SciabcException {
        if (sets.isEmpty()) {
            return nodes;
        }
        List<String> wanted = NodeSet.parse(String.join(",", sets)).names();
        List<String> known = nodes.stream().map(Node::name).toList();
        List<String> missing =
                wanted.stream().filter(name -> !known.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE, NodeSet.of(missing) + " not found", "there are " + NodeSet.of(known), "");
        }
        return nodes.stream().filter(node -> wanted.contains(node.name())).toList();
    }

    /** Whether a word is a folded set of names of nodes that are there. */
    public static boolean areNamed(List<Node> nodes, String word) {
        try {
            List<String> known = nodes.stream().map(Node::name).toList();
            return known.containsAll(NodeSet.parse(word).names());
        } catch (SciabcException somethingElse) {
            return false;
        }
    }

    private static String text(String file) throws CliFailure {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "cannot read the hostfile " + file,
                    "it is missing, not readable or not text",
                    "'sciabc hostfile -o " + file + "' writes one");
        }
    }

    private static Node node(String file, HostfileLine line) throws CliFailure {
        Node node = Node.of(Untrusted.nodeName(line.address()).orElse("node"), List.of(resolve(file, line)));
        Node sized = line.slots().isPresent()
                ? node.withHardware(new Hardware(
                        OptionalInt.of(line.slots().getAsInt()),
                        Hardware.UNKNOWN.memoryBytes(),
                        Hardware.UNKNOWN.arch(),
                        Hardware.UNKNOWN.os()))
                : node;
        return line.user().map(sized::withUser).orElse(sized);
    }

    private static InetAddress resolve(String file, HostfileLine line) throws CliFailure {
        try {
            return InetAddress.getByName(line.address());
        } catch (UnknownHostException unknown) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot find '" + line.address() + "' of the hostfile " + file,
                    "the name has no address",
                    "write an address instead");
        }
    }
}
