// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.launch.HostfileLine;
import org.sciabc.roster.NodeState;
import org.sciabc.roster.RosterEntry;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The nodes of a hostfile; its slots stand for the cores. What a hostfile cannot say, such as a port, is taken from what is
 * known of the address.
 */
final class HostfileNodes {
    private final String file;
    private final List<RosterEntry> known;
    private final OptionalInt configured;
    private final Set<String> names = new HashSet<>();

    private HostfileNodes(String file, List<RosterEntry> known, OptionalInt configured) {
        this.file = file;
        this.known = known;
        this.configured = configured;
    }

    /**
     * Reads the file. A node that is listed twice has the slots of both lines, as Open MPI has it.
     *
     * @param slots of a node whose line does not say
     * @param service what knows the addresses of names
     * @param say what to do with a line for the person who waits
     * @throws InterruptedException when the thread was interrupted while a name was looked up
     */
    static List<Node> read(
            String file,
            List<RosterEntry> known,
            OptionalInt slots,
            NameLookup.NameService service,
            Consumer<String> say)
            throws SciabcException, InterruptedException {
        HostfileNodes nodes = new HostfileNodes(file, known, slots);
        List<HostfileLine> all = lines(file);
        Map<InetAddress, HostfileLine> lines = new LinkedHashMap<>();
        try (NameLookup lookup =
                new NameLookup(all.stream().map(HostfileLine::address).toList(), service, say)) {
            for (HostfileLine line : all) {
                InetAddress address = nodes.resolve(line, lookup);
                HostfileLine before = lines.get(address);
                lines.put(address, before == null ? line : nodes.both(before, line));
            }
        }
        List<Node> listed = new ArrayList<>();
        lines.forEach((address, line) -> listed.add(nodes.node(address, line)));
        return List.copyOf(listed);
    }

    private static List<HostfileLine> lines(String file) throws CliFailure {
        String text = text(file);
        try {
            return HostfileLine.parse(file, text);
        } catch (SciabcException unreadable) {
            throw CliFailure.of(ExitCode.USAGE, unreadable);
        }
    }

    private HostfileLine both(HostfileLine before, HostfileLine line) throws CliFailure {
        if (!before.user().equals(line.user())) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "cannot use the hostfile " + file,
                    "lines " + before.number() + " and " + line.number() + " name " + line.address()
                            + " with different accounts",
                    "a node is used with one account");
        }
        int slots = Math.min(
                HostfileLine.MOST_SLOTS, before.slots().orElse(1) + line.slots().orElse(1));
        return new HostfileLine(before.number(), before.user(), before.address(), OptionalInt.of(slots));
    }

    private Node node(InetAddress address, HostfileLine line) {
        Optional<Node> seen = seen(address, line).filter(each -> names.add(each.name()));
        Node node = seen.map(each -> each.withAddresses(List.of(address)))
                .orElseGet(() -> Node.of(Untrusted.nodeName(line.address()).orElse("node"), List.of(address)));
        Hardware hardware = node.hardware();
        OptionalInt otherwise = configured.isPresent() ? configured : hardware.cores();
        OptionalInt cores = line.slots().isPresent() ? line.slots() : otherwise;
        return new Node(
                node.id(),
                node.name(),
                node.addresses(),
                node.port(),
                line.user(),
                new Hardware(cores, hardware.memoryBytes(), hardware.arch(), hardware.os()),
                node.hostKey(),
                node.cluster());
    }

    /**
     * An address may be known twice: as announced, and as listed by somebody with another account or port. What was seen
     * with the account of the line counts, then what was seen last; a name of its own says more than an address.
     */
    private Optional<Node> seen(InetAddress address, HostfileLine line) {
        List<RosterEntry> there = known.stream()
                .filter(entry -> entry.node().addresses().contains(address))
                .toList();
        Comparator<RosterEntry> better = Comparator.comparing(
                        (RosterEntry entry) -> fit(entry.node().user(), line.user()))
                .thenComparing(entry -> entry.state() != NodeState.GONE)
                .thenComparing(RosterEntry::lastSeen);
        return there.stream()
                .max(better)
                .map(RosterEntry::node)
                .map(best -> nameOf(best, there).map(best::withName).orElse(best));
    }

    private static int fit(Optional<String> seen, Optional<String> wanted) {
        if (wanted.isEmpty() || seen.isEmpty()) {
            return 1;
        }
        return seen.equals(wanted) ? 2 : 0;
    }

    /** Another machine may have been there before: who is gone lends nobody a name. */
    private static Optional<String> nameOf(Node best, List<RosterEntry> there) {
        Stream<Node> present =
                there.stream().filter(entry -> entry.state() != NodeState.GONE).map(RosterEntry::node);
        return Stream.concat(Stream.of(best), present)
                .filter(node -> node.addresses().stream()
                        .noneMatch(address -> address.getHostAddress().equals(node.name())))
                .map(Node::name)
                .findFirst();
    }

    private InetAddress resolve(HostfileLine line, NameLookup lookup) throws CliFailure, InterruptedException {
        try {
            return lookup.address(line.address());
        } catch (UnknownHostException unknown) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot find '" + line.address() + "' of the hostfile " + file,
                    "line " + line.number() + ": the name has no address",
                    "write an address instead");
        }
    }

    private static String text(String file) throws CliFailure {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException unreadable) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "cannot read the hostfile " + file,
                    "it is missing, not readable or not text",
                    "'sciabc hostfile -o " + file + "' writes one");
        }
    }
}
