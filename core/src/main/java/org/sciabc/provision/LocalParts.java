// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sciabc.spi.Untrusted;

/**
 * What has come of large files that are fetched, beside their destinations: {@code .sciabc-part-FILE.PROCESS.MACHINE}, as on
 * nodes, where FILE is a checksum of the file's name, and PROCESS is 0 when nobody writes to it any longer. Closing leaves what
 * is not whole for the next run.
 */
final class LocalParts implements AutoCloseable {
    private static final String PREFIX = ".sciabc-part-";
    private static final String NOBODY = "0";
    private static final long WORTH_KEEPING = 1 << 20;
    private static final Duration KEPT = Duration.ofDays(7);

    private final String own = ProcessHandle.current().pid() + "." + machine();
    private final Map<Path, List<Path>> byFolder = new HashMap<>();
    private final List<Path> held = new ArrayList<>();

    /**
     * The beginning of a file.
     *
     * @param file where it is, for this process alone
     * @param digest what has read it
     */
    record Beginning(Path file, long size, MessageDigest digest) {
        String sum() {
            return HexFormat.of().formatHex(copy(digest).digest());
        }
    }

    /** Whether a file is such a part. */
    static boolean isOne(Path file) {
        return String.valueOf(file.getFileName()).startsWith(PREFIX);
    }

    /** The largest part of a file of this size that nobody writes to any longer, as one's own. */
    Optional<Beginning> take(Path target, long most) throws IOException {
        Optional<Path> largest = Optional.empty();
        for (Path part : of(target)) {
            if (isLeft(part)
                    && Files.size(part) <= most
                    && (largest.isEmpty() || Files.size(part) > Files.size(largest.get()))) {
                largest = Optional.of(part);
            }
        }
        Path mine = named(target, own);
        if (largest.isEmpty() || Files.exists(mine, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Files.move(largest.get(), mine, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException taken) {
            return Optional.empty();
        }
        held.add(mine);
        long size = Files.size(mine);
        try (InputStream content = Files.newInputStream(mine, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new Beginning(mine, size, CopyTree.read(content, size)));
        }
    }

    /** Of another file, or of what the file was before. */
    void drop(Beginning beginning) throws IOException {
        Files.deleteIfExists(beginning.file());
    }

    /** A new file for what comes. */
    Path open(Path target) throws IOException {
        Path folder = folder(target);
        Files.createDirectories(folder);
        try {
            Path mine = Files.createFile(
                    named(target, own),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            held.add(mine);
            return mine;
        } catch (FileAlreadyExistsException another) {
            // This process fetches it twice at once, or somebody whose number it has now was cut off.
            return Files.createTempFile(folder, ".sciabc-", "");
        }
    }

    /** A file is whole: what is left of it goes, and in its folder what nobody has taken up for a week. */
    void forget(Path target) throws IOException {
        for (Path part : parts(folder(target))) {
            boolean isLeft = part.getFileName().toString().startsWith(prefix(target)) && isLeft(part);
            if (isLeft || isOld(part)) {
                Files.deleteIfExists(part);
            }
        }
    }

    /** What is worth keeping is nobody's from now on. */
    @Override
    public void close() {
        held.forEach(this::leave);
    }

    private void leave(Path mine) {
        try {
            if (Files.exists(mine) && Files.size(mine) < WORTH_KEEPING) {
                Files.delete(mine);
            } else if (Files.exists(mine)) {
                String name = mine.getFileName().toString();
                String left = name.substring(0, name.length() - own.length()) + NOBODY + "." + machine();
                Files.move(mine, mine.resolveSibling(left), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException stays) {
            // Its name says whose it was: the next process finds that this one is gone.
            return;
        }
    }

    private List<Path> of(Path target) throws IOException {
        String prefix = prefix(target);
        return parts(folder(target)).stream()
                .filter(part -> part.getFileName().toString().startsWith(prefix))
                .toList();
    }

    private List<Path> parts(Path folder) throws IOException {
        List<Path> known = byFolder.get(folder);
        if (known == null) {
            known = new ArrayList<>();
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, PREFIX + "*")) {
                    found.forEach(known::add);
                }
            }
            byFolder.put(folder, known);
        }
        return known;
    }

    /** Whether it is one's own, and who wrote to it is gone from this machine. */
    private static boolean isLeft(Path part) throws IOException {
        String[] words =
                part.getFileName().toString().substring(PREFIX.length()).split("\\.", 3);
        if (words.length < 3
                || !words[1].matches("\\d{1,10}")
                || !words[2].equals(machine())
                || !Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(part).getName().equals(System.getProperty("user.name"))) {
            return false;
        }
        return words[1].equals(NOBODY)
                || ProcessHandle.of(Long.parseLong(words[1])).isEmpty();
    }

    private static boolean isOld(Path part) throws IOException {
        return Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(part).toMillis() < System.currentTimeMillis() - KEPT.toMillis();
    }

    private static Path named(Path target, String whose) {
        return target.resolveSibling(prefix(target) + whose);
    }

    private static String prefix(Path target) {
        byte[] name = String.valueOf(target.getFileName()).getBytes(StandardCharsets.UTF_8);
        return PREFIX + HexFormat.of().formatHex(CopyTree.digest().digest(name), 0, 8) + ".";
    }

    private static Path folder(Path target) {
        return Objects.requireNonNull(target.getParent());
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("every SHA-256 can be copied", impossible);
        }
    }

    /** What the kernel calls it: to ask how a network knows it could take seconds. */
    private static String machine() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return Untrusted.line(name, 64).replace('/', '-');
        } catch (IOException notLinux) {
            return "here";
        }
    }
}
