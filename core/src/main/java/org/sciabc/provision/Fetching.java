// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Copies files from nodes to the manager, below a folder for each node: compares checksums first and fetches what differs, in
 * one stream, each file under another name until it is whole and its checksum is right. A node cannot write outside of its folder,
 * whatever it says.
 */
public final class Fetching {
    private static final long LONGEST_LIST = 64 << 20;
    private static final Pattern FILE = Pattern.compile("([0-7]{1,4}) ([0-9a-f]{64}) (\\d{1,18}) (\\d{1,5}) (.+)/");
    private static final Pattern FOLDER = Pattern.compile("([0-7]{1,4}) (\\d{1,5}) (.+)/");
    private static final int OWNERS = 0700;

    private final Access access;
    private final Crowd crowd;

    public Fetching(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
    }

    /**
     * Fetches from all nodes.
     *
     * @param sources files, folders and patterns on the nodes; relative to the home folder
     * @param destination the folder that gets a folder for each node
     * @param watching told of each node
     * @return one result a node, in the order of the nodes
     * @throws InterruptedException when the thread was interrupted; every file is then as it was or whole
     */
    public List<Crowd.Result<Copied>> fetch(
            List<Node> nodes, List<String> sources, Path destination, CopyWatching watching)
            throws InterruptedException {
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    NodeConnection connection = new MeasuredConnection(
                            access.connection(node, deadline), bytes -> watching.moved(node, bytes));
                    return from(
                            connection, list(connection, "", sources, deadline), folder(destination, node), deadline);
                },
                access::drop,
                watching);
    }

    /** The same, with nobody who is told. */
    public List<Crowd.Result<Copied>> fetch(List<Node> nodes, List<String> sources, Path destination)
            throws InterruptedException {
        return fetch(nodes, sources, destination, CopyWatching.NOBODY);
    }

    /** Decides where files go. Is called for several nodes at once. */
    @FunctionalInterface
    public interface Placing {
        /**
         * Where a file goes.
         *
         * @param path its path on the node; nothing says that the node tells the truth
         * @param name what it would be called otherwise
         * @return its place in the folder of the node; absent when it stays where it is
         */
        Optional<String> of(String path, String name);
    }

    /** The same with names of the caller's choice, and a node that has none of it is none that failed. */
    public List<Crowd.Result<Copied>> fetchWhatIsThere(
            List<Node> nodes, List<String> sources, Path destination, Placing placing) throws InterruptedException {
        return crowd.each(
                nodes,
                (node, deadline) -> {
                    NodeConnection connection = access.connection(node, deadline);
                    List<Remote> wanted = new ArrayList<>();
                    for (Remote remote : list(connection, "may_be_missing=yes\n", sources, deadline)
                            .files()) {
                        placing.of(remote.path(), remote.name())
                                .map(remote::called)
                                .ifPresent(wanted::add);
                    }
                    return from(connection, new Tree(List.of(), wanted), folder(destination, node), deadline);
                },
                access::drop);
    }

    private static Path folder(Path destination, Node node) {
        return destination.resolve(node.name());
    }

    private static Copied from(NodeConnection connection, Tree tree, Path folder, Deadline deadline)
            throws SciabcException, InterruptedException {
        for (RemoteFolder remote : tree.folders()) {
            Path target = target(folder, remote.name());
            try {
                Files.createDirectories(target);
                setMode(target, remote.mode() | OWNERS);
            } catch (IOException failure) {
                throw unwritable(target, failure);
            }
        }
        long resumed;
        List<FetchedFiles.Wanted> wanted = new ArrayList<>();
        List<Remote> all = eachOnce(tree.files());
        try (LocalParts parts = new LocalParts()) {
            for (Remote remote : all) {
                Path target = target(folder, remote.name());
                try {
                    if (isSame(target, remote)) {
                        setMode(target, remote.mode());
                        if (remote.size() >= CopyTree.LARGE) {
                            parts.forget(target);
                        }
                    } else {
                        wanted.add(remote.wanted(target));
                    }
                } catch (IOException failure) {
                    throw unwritable(target, failure);
                }
            }
            FetchedRests rests = FetchedRests.of(connection, wanted, parts, deadline);
            rests.fetch(connection, parts, deadline);
            resumed = rests.spared();
        }
        closeFolders(folder, tree.folders());
        long bytes = wanted.stream().mapToLong(FetchedFiles.Wanted::size).sum();
        return new Copied(wanted.size(), bytes, all.size() - wanted.size(), resumed);
    }

    /** Without what was named twice; nothing may take the place of what has just come. */
    private static List<Remote> eachOnce(List<Remote> files) throws SciabcException {
        Map<String, Remote> byName = new LinkedHashMap<>();
        for (Remote file : files) {
            Remote other = byName.putIfAbsent(file.name(), file);
            if (other != null && !other.path().equals(file.path())) {
                throw new SciabcException(
                        "cannot copy",
                        Untrusted.line(other.path(), 120) + " and " + Untrusted.line(file.path(), 120)
                                + " would both become " + Untrusted.line(file.name(), 80),
                        "fetch the folders that they are in, or one after the other into different folders");
            }
        }
        return List.copyOf(byName.values());
    }

    /** Innermost first and at last: nothing can be put into a folder that is read-only. */
    private static void closeFolders(Path folder, List<RemoteFolder> folders) throws SciabcException {
        for (int last = folders.size() - 1; last >= 0; last--) {
            RemoteFolder remote = folders.get(last);
            if ((remote.mode() & OWNERS) != OWNERS) {
                Path target = target(folder, remote.name());
                try {
                    setMode(target, remote.mode());
                } catch (IOException failure) {
                    throw unwritable(target, failure);
                }
            }
        }
    }

    static SciabcException unwritable(Path target, IOException failure) {
        return new SciabcException(
                "cannot write " + Untrusted.line(target.toString(), 200),
                Files.isDirectory(target) ? "there is a folder of this name" : "is the disk full, or not yours?",
                "",
                failure);
    }

    static void setMode(Path target, int mode) throws IOException {
        Set<PosixFilePermission> wanted = permissions(mode);
        if (!Files.getPosixFilePermissions(target).equals(wanted)) {
            Files.setPosixFilePermissions(target, wanted);
        }
    }

    /** What there is to be fetched; folders before what is in them. */
    private record Tree(List<RemoteFolder> folders, List<Remote> files) {}

    /** A folder of the node. */
    private record RemoteFolder(String name, int mode) {
        static RemoteFolder parse(String line) throws SciabcException {
            Matcher parts = FOLDER.matcher(line);
            if (!parts.matches()) {
                throw senseless();
            }
            return new RemoteFolder(below(parts.group(3), parts.group(2)), Integer.parseInt(parts.group(1), 8));
        }
    }

    /** A file of the node. */
    private record Remote(String path, String name, int mode, String sum, long size) {
        FetchedFiles.Wanted wanted(Path target) {
            return new FetchedFiles.Wanted(path, target, mode, sum, size, Optional.empty());
        }

        Remote called(String other) {
            return new Remote(path, other, mode, sum, size);
        }

        static Remote parse(String line) throws SciabcException {
            Matcher parts = FILE.matcher(line);
            if (!parts.matches()) {
                throw senseless();
            }
            return new Remote(
                    parts.group(5),
                    below(parts.group(5), parts.group(4)),
                    Integer.parseInt(parts.group(1), 8),
                    parts.group(2),
                    Long.parseLong(parts.group(3)));
        }
    }

    private static String below(String path, String before) throws SciabcException {
        int start = Integer.parseInt(before);
        if (start >= path.length()) {
            throw senseless();
        }
        return path.substring(start);
    }

    private static SciabcException senseless() {
        return new SciabcException("cannot copy", "the node describes a file in a way that makes no sense", "");
    }

    private static Tree list(NodeConnection connection, String preamble, List<String> sources, Deadline deadline)
            throws SciabcException, InterruptedException {
        String script = NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY)
                + preamble
                + "list_files "
                + sources.stream().map(ShellText::quote).collect(Collectors.joining(" "))
                + "\n";
        CopyAnswer answer = CopyAnswer.of(connection, script, InputStream.nullInputStream(), LONGEST_LIST, deadline);
        List<RemoteFolder> folders = new ArrayList<>();
        for (String line : answer.all("folder")) {
            folders.add(RemoteFolder.parse(line));
        }
        List<Remote> files = new ArrayList<>();
        for (String line : answer.all("file")) {
            files.add(Remote.parse(line));
        }
        return new Tree(folders, files);
    }

    /** Inside of the node's folder, or not at all. */
    private static Path target(Path folder, String name) throws SciabcException {
        boolean isPlain = name.chars().noneMatch(Character::isISOControl)
                && List.of(name.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!isPlain) {
            throw new SciabcException(
                    "will not copy " + Untrusted.line(name, 200), "that is not the name of a file", "");
        }
        try {
            return folder.resolve(name);
        } catch (InvalidPathException unmappable) {
            throw new SciabcException(
                    "will not copy " + Untrusted.line(name, 200),
                    "no file can have that name here, in a locale with these letters missing",
                    "put LC_ALL=C.UTF-8 before the command",
                    unmappable);
        }
    }

    private static boolean isSame(Path target, Remote remote) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == remote.size()
                && CopyTree.sum(target).equals(remote.sum());
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = new HashSet<>();
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & 0400 >> bit) != 0) {
                permissions.add(all[bit]);
            }
        }
        return permissions;
    }
}
