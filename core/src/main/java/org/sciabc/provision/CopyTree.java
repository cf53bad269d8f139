// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Files and folders of the manager as they are to be on nodes: read once, with their checksums, for all nodes. Symbolic
 * links stand for what they lead to.
 *
 * @param entries folders before what is in them
 * @param onlyRoot the name of the one thing that was named, where it was one: it may be called otherwise on the nodes
 */
public record CopyTree(List<Entry> entries, Optional<String> onlyRoot) {
    /** From this size on a file goes on where it was cut off: to keep what has come costs a node 9 ms for each file. */
    static final long LARGE = 8 << 20;

    /**
     * A file or a folder.
     *
     * @param name its path below the destination, with slashes
     * @param local where it is on the manager
     * @param mode permission bits
     * @param sum the SHA-256 of a file in hexadecimal digits; {@code -} for a folder
     */
    public record Entry(String name, Path local, int mode, String sum, long size) {
        boolean isFolder() {
            return sum.equals("-");
        }

        boolean isLarge() {
            return size >= LARGE;
        }

        String line() {
            return (isFolder() ? "d " : isLarge() ? "l " : "f ") + Integer.toOctalString(mode) + " " + sum + " /" + name
                    + "/\n";
        }
    }

    public CopyTree {
        entries = List.copyOf(entries);
    }

    /**
     * Reads what is to be copied.
     *
     * @throws SciabcException when something is missing, unreadable, or neither a file nor a folder
     */
    public static CopyTree of(List<Path> sources) throws SciabcException {
        List<Entry> entries = new ArrayList<>();
        Map<String, Path> files = new HashMap<>();
        for (Path source : sources) {
            Path root = source.toAbsolutePath().normalize();
            Path above = root.getParent();
            if (above == null) {
                throw refused(source, "that is everything there is");
            }
            try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
                for (Path each : walk.sorted().toList()) {
                    if (each.equals(root) || Files.isDirectory(each) || !LocalParts.isOne(each)) {
                        Entry entry = entry(above, each);
                        requireOwnName(entry, files);
                        entries.add(entry);
                    }
                }
            } catch (NoSuchFileException missing) {
                throw refused(source, "there is no such file");
            } catch (java.io.UncheckedIOException failure) {
                throw refused(source, reason(failure.getCause()));
            } catch (IOException failure) {
                throw refused(source, reason(failure));
            }
        }
        return new CopyTree(
                entries, sources.size() == 1 ? Optional.of(entries.get(0).name()) : Optional.empty());
    }

    private static void requireOwnName(Entry entry, Map<String, Path> files) throws SciabcException {
        Path local = entry.local();
        Path first = entry.isFolder() ? local : files.computeIfAbsent(entry.name(), name -> local);
        if (!first.equals(local)) {
            throw refused(local, "it and " + first + " would both become " + entry.name());
        }
    }

    long files() {
        return entries.stream().filter(entry -> !entry.isFolder()).count();
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    private static Entry entry(Path above, Path path) throws IOException, SciabcException {
        String name = above.relativize(path).toString();
        if (name.indexOf('\n') >= 0) {
            throw refused(path, "its name has a line feed in it");
        }
        if (name.indexOf('\uFFFD') >= 0) {
            // Which stands for a byte that Java could not read: it would come as another name.
            throw refused(path, "its name is no text in this locale");
        }
        if (Files.isDirectory(path)) {
            return new Entry(name, path, mode(path), "-", 0);
        }
        if (!Files.isRegularFile(path)) {
            throw refused(path, "it is neither a file nor a folder");
        }
        return new Entry(name, path, mode(path), sum(path), Files.size(path));
    }

    static int mode(Path path) throws IOException {
        int mode = 0;
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        for (PosixFilePermission each : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(each) ? 1 : 0);
        }
        return mode;
    }

    static String sum(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(read(content, Long.MAX_VALUE).digest());
        }
    }

    /** What has read so much of it, or as much as there is. */
    static MessageDigest read(InputStream content, long most) throws IOException {
        MessageDigest digest = digest();
        byte[] part = new byte[1 << 16];
        long left = most;
        while (left > 0) {
            int count = content.read(part, 0, (int) Math.min(left, part.length));
            if (count < 0) {
                break;
            }
            digest.update(part, 0, count);
            left -= count;
        }
        return digest;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String reason(@Nullable Throwable failure) {
        return failure instanceof FileSystemLoopException ? "a link in it leads back to itself" : "it cannot be read";
    }

    private static SciabcException refused(Path source, String why) {
        return new SciabcException("cannot copy " + Untrusted.line(source.toString(), 200), why, "");
    }
}
