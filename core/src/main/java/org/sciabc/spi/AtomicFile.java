// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that is only ever seen whole: readers find the former content or the new one, whatever happens to the writer.
 *
 * <p>New content is written under another name in the same folder, brought to the disk, and then takes the file's place. Of
 * a symbolic link it is the link's target that is replaced. What is not a regular file, such as {@code /dev/stdout}, is
 * written to and not replaced.
 *
 * @param path the file
 * @param mode its permissions; absent means those of the file that is replaced, or for a new file what the process's umask
 *     leaves of {@code rw-rw-rw-}
 */
public record AtomicFile(Path path, Optional<Set<PosixFilePermission>> mode) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> ANYBODY = PosixFilePermissions.fromString("rw-rw-rw-");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(10);
    private static final int MOST_LINKS = 40;

    /**
     * POSIX drops a process's lock on a file when the process closes <em>any</em> descriptor of it: within this process
     * only one thread at a time may therefore have a lock file open.
     */
    private static final ReentrantLock ONE_UPDATE = new ReentrantLock();

    /** Makes the new content of a file from the present one. */
    @FunctionalInterface
    public interface Change {
        /**
         * Returns the new content. Is called while other processes wait, so that it must be quick.
         *
         * @param present the present content, absent when there is no file
         * @throws SciabcException when the file is to stay as it is
         */
        String apply(Optional<String> present) throws SciabcException;
    }

    public AtomicFile {
        mode = mode.map(Set::copyOf);
    }

    /** A file with the permissions that it has, or that a new file usually gets. */
    public static AtomicFile at(Path path) {
        return new AtomicFile(path, Optional.empty());
    }

    /** A file that only its owner may read and write. */
    public static AtomicFile ownerOnlyAt(Path path) {
        return new AtomicFile(path, Optional.of(OWNER_ONLY));
    }

    /** Replaces the content with text in UTF-8. */
    public void write(String text) throws SciabcException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Replaces the content. An interrupted thread writes all the same: what was done is kept.
     *
     * @throws SciabcException when it cannot be written; the former content is then still there
     */
    public void write(byte[] content) throws SciabcException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                writeInto(content);
            } else {
                replace(target(), content);
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /**
     * Reads the content, as UTF-8.
     *
     * @return absent when there is no file
     * @throws SciabcException when there is one that cannot be read
     */
    public Optional<String> read() throws SciabcException {
        try {
            return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new SciabcException("cannot read " + shown(path), reason(failure), "", failure);
        }
    }

    /**
     * Reads, changes and replaces the content while no other update of this file runs, in this process or another. A lock
     * file ({@code .NAME.lock}) stays beside the file.
     *
     * @throws SciabcException when the file cannot be read or written, when the change refuses, or when another process
     *     keeps its lock for ten seconds; the former content is then still there
     * @throws InterruptedException when the thread was interrupted while it waited for its turn
     */
    public void update(Change change) throws SciabcException, InterruptedException {
        update(change, PATIENCE);
    }

    void update(Change change, Duration patience) throws SciabcException, InterruptedException {
        if (!ONE_UPDATE.tryLock() && !ONE_UPDATE.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw stillLocked(patience);
        }
        try {
            Path target = target();
            Path lockFile = target.resolveSibling("." + target.getFileName() + ".lock");
            try (FileChannel channel = openLock(lockFile)) {
                lock(channel, patience);
                Optional<String> present = read();
                String changed = change.apply(present);
                if (!present.equals(Optional.of(changed))) {
                    replace(target, changed.getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        } finally {
            ONE_UPDATE.unlock();
        }
    }

    private static FileChannel openLock(Path lockFile) throws IOException {
        return FileChannel.open(
                lockFile,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    /** Asks again and again, because a channel that waits in {@code lock()} is closed by an interruption. */
    private void lock(FileChannel channel, Duration patience)
            throws IOException, SciabcException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        FileLock lock = channel.tryLock();
        while (lock == null) {
            if (System.nanoTime() - deadline > 0) {
                throw stillLocked(patience);
            }
            TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            lock = channel.tryLock();
        }
    }

    private void writeInto(byte[] content) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "it is a folder");
        }
        try (OutputStream out = new FileOutputStream(path.toFile(), true)) {
            out.write(content);
        }
    }

    private void replace(Path target, byte[] content) throws IOException {
        Optional<Set<PosixFilePermission>> wanted = mode.isPresent() ? mode : modeOf(target);
        Path fresh = Files.createTempFile(
                target.toAbsolutePath().getParent(),
                "." + target.getFileName() + ".",
                ".tmp",
                PosixFilePermissions.asFileAttribute(wanted.isPresent() ? OWNER_ONLY : ANYBODY));
        try {
            // Not a channel: an interrupted thread could not write through one.
            try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
                out.write(content);
                out.getFD().sync();
            }
            if (wanted.isPresent()) {
                Files.setPosixFilePermissions(fresh, wanted.get());
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            Files.deleteIfExists(fresh);
            throw failure;
        }
    }

    private static Optional<Set<PosixFilePermission>> modeOf(Path target) throws IOException {
        return Files.exists(target) ? Optional.of(Files.getPosixFilePermissions(target)) : Optional.empty();
    }

    /** What the path leads to after all symbolic links, there or not. */
    private Path target() throws IOException {
        Path target = path.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemException(path.toString(), null, "its symbolic links lead nowhere");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private SciabcException unwritable(IOException failure) {
        return new SciabcException("cannot write " + shown(path), reason(failure), "", failure);
    }

    private SciabcException stillLocked(Duration patience) {
        return new SciabcException(
                "cannot write " + shown(path),
                "another process has kept it locked for " + Durations.format(patience),
                "end the sciabc that was stopped in the background, and try again");
    }

    private static String shown(Path path) {
        return Untrusted.line(path.toString(), 200);
    }

    private String reason(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "there is no folder " + shown(parentOf(missing.getFile()));
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() != null && denied.getFile().endsWith(".tmp")
                    ? "the folder " + shown(parentOf(denied.getFile())) + " cannot be written to"
                    : "permission denied";
        }
        if (failure instanceof NotDirectoryException || !(failure instanceof FileSystemException system)) {
            return Untrusted.line(Optional.ofNullable(failure.getMessage()).orElse("input or output failed"), 200);
        }
        return Untrusted.line(Optional.ofNullable(system.getReason()).orElse("input or output failed"), 200);
    }

    private static Path parentOf(String file) {
        Path parent = Path.of(file).toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
