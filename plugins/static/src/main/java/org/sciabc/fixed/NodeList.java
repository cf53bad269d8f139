// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Untrusted;

/**
 * All that is listed, by where it is listed.
 *
 * @param sources what the settings named
 * @param doubts what looks like a mistake, for people
 */
record NodeList(List<Source> sources, List<String> doubts) {
    static final List<Setting> SETTINGS = List.of(
            Setting.optionalText("nodes", "the nodes, such as pi@10.0.0.[1-8]:22,desk7,[fe80::1%eth0]"),
            Setting.optionalText("file", "a file that lists nodes, line by line; a hostfile will do"),
            Setting.list("hosts", "patterns of names in /etc/hosts, such as node* or pi@node*"),
            Setting.duration(
                    "patience", Duration.ofSeconds(2), "how long name servers may take before a name is given up"));

    private static final Pattern SLOTS = Pattern.compile("\\s+slots=(\\d{1,9})\\s*$");
    private static final int MOST_SLOTS = 65_536;
    private static final long MOST_BYTES = 1L << 20;
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(1);

    /**
     * One place that nodes are listed in.
     *
     * @param place its name, for people
     * @param entries the nodes, each once
     */
    record Source(String place, List<Entry> entries) {
        Source {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A listed node.
     *
     * @param node as it was written
     * @param addresses its addresses, where the list names them; name servers are asked when it does not
     */
    record Entry(ListedNode node, List<String> addresses) {
        Entry {
            addresses = List.copyOf(addresses);
        }
    }

    NodeList {
        sources = List.copyOf(sources);
        doubts = List.copyOf(doubts);
    }

    /**
     * Reads what the settings name.
     *
     * @throws SciabcException when something cannot be read, saying where, or when nothing is listed
     */
    static NodeList read(Settings settings, Path hostsFile) throws SciabcException {
        List<Source> sources = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        Optional<String> nodes = settings.optionalText("nodes");
        if (nodes.isPresent()) {
            sources.add(new Source("static.nodes", resolvable(NodeExpression.parse(nodes.get(), OptionalInt.empty()))));
        }
        Optional<String> file = settings.optionalText("file");
        if (file.isPresent()) {
            sources.add(new Source(file.get(), resolvable(ofFile(file.get()))));
        }
        if (!settings.list("hosts").isEmpty()) {
            sources.add(new Source(hostsFile.toString(), ofHosts(settings.list("hosts"), hostsFile, doubts)));
        }
        if (sources.stream().allMatch(source -> source.entries().isEmpty())) {
            throw new SciabcException(
                    "static has no nodes",
                    doubts.isEmpty() ? "none are listed" : String.join("; ", doubts),
                    "list them, as in --set 'static.nodes=pi@10.0.0.[1-8]', --set static.file=FILE or --set 'static.hosts=node*'");
        }
        return withoutDoubles(sources, doubts);
    }

    /**
     * How long name servers may take.
     *
     * @throws SciabcException when that is longer than anybody waits
     */
    static Duration patience(Settings settings) throws SciabcException {
        Duration patience = settings.duration("patience");
        if (patience.compareTo(MOST_PATIENCE) > 0) {
            throw new SciabcException(
                    "setting 'static.patience' is out of range",
                    "it takes at most 1m",
                    "how long name servers may take before a name is given up");
        }
        return patience;
    }

    /** The same node twice is one; whom the second would log in as is said when it is lost. */
    private static NodeList withoutDoubles(List<Source> sources, List<String> doubts) {
        Map<String, ListedNode> first = new LinkedHashMap<>();
        List<Source> kept = new ArrayList<>();
        for (Source source : sources) {
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : source.entries()) {
                ListedNode known = first.putIfAbsent(entry.node().place(), entry.node());
                if (known == null) {
                    entries.add(entry);
                } else if (!known.user().equals(entry.node().user())) {
                    doubts.add("'" + known.text() + "' is listed again as '"
                            + entry.node().text() + "': the first one counts");
                }
            }
            kept.add(new Source(source.place(), entries));
        }
        return new NodeList(kept, doubts);
    }

    private static List<Entry> resolvable(List<ListedNode> nodes) {
        return nodes.stream().map(node -> new Entry(node, List.of())).toList();
    }

    private static List<ListedNode> ofFile(String name) throws SciabcException {
        List<ListedNode> nodes = new ArrayList<>();
        int number = 0;
        for (String line :
                lines(name, "static.file names a file with one node, or several as in node[1-3,7], on each line")) {
            number++;
            String bare = line.replaceFirst("#.*", "").replace('\t', ' ');
            if (!bare.isBlank()) {
                nodes.addAll(ofLine(bare, name, number));
            }
        }
        return nodes;
    }

    private static List<ListedNode> ofLine(String line, String file, int number) throws SciabcException {
        Matcher slots = SLOTS.matcher(line);
        boolean sized = slots.find();
        int cores = sized ? Integer.parseInt(slots.group(1)) : 0;
        if (cores > MOST_SLOTS) {
            throw new SciabcException(
                    "cannot read the nodes in " + Untrusted.line(file, 200),
                    "line " + number + ", slots=" + cores + ": no node has more than " + MOST_SLOTS,
                    "slots are the processor cores of one node");
        }
        try {
            return NodeExpression.parse(
                    sized ? line.substring(0, slots.start()) : line,
                    cores > 0 ? OptionalInt.of(cores) : OptionalInt.empty());
        } catch (SciabcException refused) {
            throw new SciabcException(
                    "cannot read the nodes in " + Untrusted.line(file, 200),
                    "line " + number + ", " + refused.why(),
                    refused.hint().orElse(""),
                    refused);
        }
    }

    private static List<Entry> ofHosts(List<String> patterns, Path hostsFile, List<String> doubts)
            throws SciabcException {
        List<String> lines = lines(hostsFile.toString(), "static.hosts looks for names in " + hostsFile);
        List<Entry> entries = new ArrayList<>();
        for (String pattern : patterns) {
            int at = pattern.indexOf('@');
            Map<String, List<String>> found = HostsFile.matching(lines.stream(), pattern.substring(at + 1));
            if (found.isEmpty()) {
                doubts.add("no name in " + hostsFile + " fits '" + Untrusted.line(pattern, 60) + "'");
            }
            for (var each : found.entrySet()) {
                entries.add(new Entry(
                        ofHostsLine(pattern.substring(0, at + 1) + each.getKey(), hostsFile), each.getValue()));
            }
        }
        return entries;
    }

    private static ListedNode ofHostsLine(String text, Path hostsFile) throws SciabcException {
        try {
            return ListedNode.parse(text, OptionalInt.empty());
        } catch (ListedNode.NotANodeException refused) {
            throw new SciabcException(
                    "cannot use '" + Untrusted.line(text, 80) + "' of " + hostsFile,
                    refused.why(),
                    "static.hosts takes patterns such as node* or pi@node*",
                    refused);
        }
    }

    private static List<String> lines(String file, String hint) throws SciabcException {
        String shown = Untrusted.line(file, 200);
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) {
                throw unreadable(shown, Files.exists(path) ? "it is not a file" : "there is no such file", hint);
            }
            if (Files.size(path) > MOST_BYTES) {
                throw unreadable(shown, "it is larger than 1 MiB", hint);
            }
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException | InvalidPathException failure) {
            throw unreadable(shown, "it is not readable", hint);
        }
    }

    private static SciabcException unreadable(String file, String why, String hint) {
        return new SciabcException("cannot read the list of nodes " + file, why, hint);
    }
}
