// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.provision.CopyTree.Entry;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Copies a tree from the manager to nodes: compares checksums first and sends what differs, each file under another name
 * until it is whole, and compares again in the end. Small files go together, because a command for each takes longer than
 * they do. Cut off, the next run goes on with the files that are missing, and in the middle of a large one.
 */
public final class Distribution {
    private static final long SEVERAL_COPIES_OF_A_LINE = 4;
    private static final long SMALL = 1 << 20;

    /** What is lost when it is cut off. */
    private static final long TOGETHER = 16 << 20;

    private final Access access;
    private final Crowd crowd;

    public Distribution(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
    }

    /**
     * Copies to all nodes.
     *
     * @param destination as cp understands it: into it where it is a folder or where several things are copied, else as it;
     *     relative to the home folder
     * @param watching told of each node
     * @return one result a node, in the order of the nodes
     * @throws InterruptedException when the thread was interrupted; every file is then as it was or whole
     */
    public List<Crowd.Result<Copied>> copy(List<Node> nodes, CopyTree tree, String destination, CopyWatching watching)
            throws InterruptedException {
        return crowd.each(
                nodes,
                (node, deadline) -> to(
                        new MeasuredConnection(access.connection(node, deadline), bytes -> watching.moved(node, bytes)),
                        tree,
                        destination,
                        deadline),
                access::drop,
                watching);
    }

    Copied to(Node node, CopyTree tree, String destination, Deadline deadline)
            throws SciabcException, InterruptedException {
        return to(access.connection(node, deadline), tree, destination, deadline);
    }

    private static Copied to(NodeConnection connection, CopyTree tree, String destination, Deadline deadline)
            throws SciabcException, InterruptedException {
        Compared before = compare(connection, tree, destination, deadline, false);
        List<Entry> wanted = before.wanted().stream().map(tree.entries()::get).toList();
        long resumed = send(connection, wanted, before, deadline);
        long bytes = wanted.stream().mapToLong(Entry::size).sum();
        if (!before.wanted().isEmpty()) {
            Compared after = compare(connection, tree, destination, deadline, before.isRenamed());
            if (!after.wanted().isEmpty()) {
                String name = tree.entries().get(after.wanted().get(0)).name();
                throw new SciabcException(
                        "cannot copy " + Untrusted.line(name, 200),
                        "it changed while it was copied, here or there",
                        "copy again when nobody writes to it");
            }
        }
        int copied = before.wanted().size();
        return new Copied(copied, bytes, tree.files() - copied, resumed);
    }

    /** Returns how many bytes were there already. */
    private static long send(NodeConnection connection, List<Entry> wanted, Compared place, Deadline deadline)
            throws SciabcException, InterruptedException {
        List<Entry> together = new ArrayList<>();
        long size = 0;
        long resumed = 0;
        for (Entry entry : wanted) {
            if (entry.isLarge()) {
                LargeFile file = new LargeFile(connection, entry, place.path(entry), deadline);
                resumed += file.send(place.part(entry));
                continue;
            }
            if (entry.size() >= SMALL || place.below(entry).isEmpty()) {
                sendOne(connection, entry, place.path(entry));
                continue;
            }
            together.add(entry);
            size += entry.size();
            if (size >= TOGETHER) {
                sendTogether(connection, together, place, deadline);
                together.clear();
                size = 0;
            }
        }
        if (!together.isEmpty()) {
            sendTogether(connection, together, place, deadline);
        }
        return resumed;
    }

    private static void sendTogether(NodeConnection connection, List<Entry> entries, Compared place, Deadline deadline)
            throws SciabcException, InterruptedException {
        if (entries.size() > 1) {
            List<FilesInput.Member> members = entries.stream()
                    .map(entry -> new FilesInput.Member(place.below(entry), entry.local(), entry.mode(), entry.size()))
                    .toList();
            String script = NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY) + "receive_files "
                    + ShellText.quote(place.root()) + "\n";
            try (FilesInput archive = new FilesInput(members)) {
                CopyAnswer answer = CopyAnswer.of(connection, script, archive, 0, deadline);
                if (!answer.lines().contains("singly")) {
                    return;
                }
            } catch (IOException failure) {
                throw new SciabcException("cannot copy", "a file cannot be read any more", "", failure);
            }
        }
        for (Entry entry : entries) {
            sendOne(connection, entry, place.path(entry));
        }
    }

    private static void sendOne(NodeConnection connection, Entry entry, String path)
            throws SciabcException, InterruptedException {
        try (InputStream content = Files.newInputStream(entry.local())) {
            connection.upload(content, path, entry.mode());
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot copy " + Untrusted.line(entry.name(), 200), "it cannot be read any more", "", failure);
        }
    }

    /**
     * What a node has of the tree.
     *
     * @param base the destination, with a slash
     * @param renamed the first name of the tree that the destination's takes the place of; empty when it does not
     * @param wanted the numbers of the files that it has not, or otherwise
     * @param parts what it has of some of these, by their names in the tree
     */
    private record Compared(String base, String renamed, List<Integer> wanted, Map<String, LargeFile.Part> parts) {
        Optional<LargeFile.Part> part(Entry entry) {
            return Optional.ofNullable(parts.get(entry.name()));
        }

        boolean isRenamed() {
            return !renamed.isEmpty();
        }

        String path(Entry entry) {
            return isRenamed() ? root() + entry.name().substring(renamed.length()) : base + entry.name();
        }

        /** The folder that all is in; what is renamed is that folder itself, or a file. */
        String root() {
            return withoutSlash(base);
        }

        /** The path below {@link #root}; empty for what is no folder and renamed. */
        String below(Entry entry) {
            return isRenamed()
                    ? entry.name().substring(Math.min(entry.name().length(), renamed.length() + 1))
                    : entry.name();
        }
    }

    /** What was renamed at first is a folder by now, and still the same thing. */
    private static Compared compare(
            NodeConnection connection, CopyTree tree, String destination, Deadline deadline, boolean isRenamed)
            throws SciabcException, InterruptedException {
        String root = destination.endsWith("/") ? "" : tree.onlyRoot().orElse("");
        boolean mayHaveParts = tree.entries().stream().anyMatch(Entry::isLarge);
        String manifest = tree.entries().stream().map(Entry::line).collect(Collectors.joining());
        CopyAnswer answer = CopyAnswer.of(
                connection,
                NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY) + (mayHaveParts ? LargeFile.LOOKING : ""),
                "compare_tree " + ShellText.quote(destination) + " " + ShellText.quote(root)
                        + (isRenamed ? " renamed" : " ''"),
                manifest,
                manifest.length() * SEVERAL_COPIES_OF_A_LINE,
                deadline);
        List<Integer> wanted =
                answer.all("wanted").stream().map(Integer::valueOf).toList();
        Map<String, LargeFile.Part> parts = new HashMap<>();
        for (String line : answer.all("part")) {
            LargeFile.Part part = LargeFile.Part.parse(line);
            if (wanted.contains(part.number())) {
                parts.put(tree.entries().get(part.number()).name(), part);
            }
        }
        return new Compared(answer.only("base"), withoutSlash(answer.only("renamed")), wanted, parts);
    }

    private static String withoutSlash(String path) {
        return path.substring(0, path.length() - 1);
    }
}
