// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.spi.SciabcException;

/**
 * Which folders of jobs are on which nodes: a small file for each folder, with the names of the nodes, written before the
 * folder is made there. Whose job it is keeps a lock on it, as on the record of a job: what nobody holds was left by a sciabc
 * that is gone, or is on a node that could not be reached, and whoever comes next may take it away.
 */
public final class JobFolders {
    private static final String ABOVE = "/tmp/";
    private static final String BEGINNING = "sciabc-job-";
    private static final int RANDOM_BYTES = 8;
    private static final Pattern NAME = Pattern.compile(BEGINNING + "[0-9a-f]{" + 2 * RANDOM_BYTES + "}");

    /**
     * The files that this process holds, which it must not open a second time: the system takes a process's lock away when it
     * closes any of its descriptors of that file (fcntl(2)), and a descriptor that nobody refers to is closed, too.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path place;

    /**
     * The folders that a cluster's jobs have.
     *
     * @param stateFolder the cluster's private folder; exists
     */
    public JobFolders(Path stateFolder) {
        this.place = stateFolder.resolve("job-folders");
    }

    /** A folder for a new job, which is on no node yet. Nobody can guess its name. */
    public Held another() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return new Held(BEGINNING + HexFormat.of().formatHex(random), Optional.empty(), Set.of());
    }

    /** The folders that are somewhere and that nobody holds, held by the caller from now on. */
    public List<Held> left() throws SciabcException {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<Held> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(place)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (NAME.matcher(name).matches()) {
                    taken(file).ifPresent(channel -> left.add(new Held(name, Optional.of(channel), read(channel))));
                }
            }
        } catch (IOException unreadable) {
            throw new SciabcException("cannot read " + place, "is it yours?", "", unreadable);
        }
        return List.copyOf(left);
    }

    /** A folder that is nobody else's business for now. Not for several threads. */
    public final class Held implements AutoCloseable {
        private final String name;
        private final Set<String> nodes;
        private Optional<FileChannel> file;

        private Held(String name, Optional<FileChannel> file, Set<String> nodes) {
            this.name = name;
            this.file = file;
            this.nodes = new LinkedHashSet<>(nodes);
        }

        /** Its absolute path, the same on every node. */
        public String path() {
            return ABOVE + name;
        }

        /** The names of the nodes that have it. */
        public Set<String> nodes() {
            return Set.copyOf(nodes);
        }

        /**
         * It is about to be made there.
         *
         * @throws SciabcException when that cannot be written down: then it must not be made
         */
        public void on(Collection<String> more) throws SciabcException {
            if (nodes.addAll(more)) {
                try {
                    write();
                } catch (IOException failure) {
                    throw new SciabcException(
                            "cannot keep a record of the job's folder in " + place,
                            "nothing can be written there",
                            "",
                            failure);
                }
            }
        }

        /** It is not there any more. */
        public void goneFrom(Collection<String> fewer) {
            if (nodes.removeAll(fewer)) {
                try {
                    write();
                } catch (IOException full) {
                    // Taking away what is not there any more does no harm.
                    return;
                }
            }
        }

        /** Lets go of it: where it is still somewhere, whoever comes next may take it away. */
        @Override
        public void close() {
            try {
                if (file.isPresent() && nodes.isEmpty()) {
                    Files.deleteIfExists(place.resolve(name));
                }
                if (file.isPresent()) {
                    file.get().close();
                }
            } catch (IOException gone) {
                // The lock is the system's to take away when this process ends.
                return;
            }
            HELD_HERE.remove(key(place.resolve(name)));
        }

        private void write() throws IOException {
            if (file.isEmpty()) {
                file = Optional.of(created(name));
            }
            FileChannel channel = file.get();
            byte[] text =
                    nodes.isEmpty() ? new byte[0] : (String.join("\n", nodes) + "\n").getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text), 0);
        }
    }

    /** Gets its name once it is locked: before, somebody could take it for one that was left. */
    private FileChannel created(String name) throws IOException {
        Files.createDirectories(
                place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path unnamed = place.resolve("." + name);
        FileChannel channel = FileChannel.open(
                unnamed,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (channel.tryLock() == null) {
            throw new IOException("locked");
        }
        HELD_HERE.add(key(place.resolve(name)));
        Files.move(unnamed, place.resolve(name));
        return channel;
    }

    private static Optional<FileChannel> taken(Path file) throws IOException {
        if (!HELD_HERE.add(key(file))) {
            return Optional.empty();
        }
        Optional<FileChannel> channel = locked(file);
        if (channel.isEmpty()) {
            HELD_HERE.remove(key(file));
        }
        return channel;
    }

    private static Optional<FileChannel> locked(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException gone) {
            return Optional.empty();
        }
        if (channel.tryLock() != null) {
            return Optional.of(channel);
        }
        channel.close();
        return Optional.empty();
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static Set<String> read(FileChannel channel) {
        try {
            channel.position(0);
            String text = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            return new LinkedHashSet<>(text.lines().toList());
        } catch (IOException unreadable) {
            // Then nobody knows where it is.
            return Set.of();
        }
    }
}
