// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/**
 * The records of a cluster's jobs, the last hundred of them: a folder for each, with what it was and what it wrote. Who runs
 * a job keeps a lock on a file there, which the system takes away however the program ends: that tells a job that runs from
 * one whose sciabc is gone. Several programs may use the folder at once.
 */
public final class JobRecords {
    /** How many jobs are kept. */
    public static final int MOST_JOBS = 100;
    /** How much is kept of the beginning of a job's output. */
    public static final int FIRST_BYTES = 512 << 10;
    /** How much is kept of its end. */
    public static final int LAST_BYTES = 128 << 10;

    private static final String RECORD = "job.json";
    private static final String OUTPUT = "output";
    private static final String LOCK = "running";

    private final Path folder;

    /**
     * The records in a folder, which is made when the first job begins.
     *
     * @param stateFolder the cluster's private folder; exists
     */
    public JobRecords(Path stateFolder) {
        this.folder = stateFolder.resolve("jobs");
    }

    /**
     * A job that was kept.
     *
     * @param isRunning whether it runs now; a job without an ending that does not run was given up by a crash
     */
    public record Kept(JobRecord record, boolean isRunning) {}

    /** A job that runs now. */
    public static final class Running implements AutoCloseable {
        private final JobRecord record;
        private final Path place;
        private final FileChannel lockFile;
        private final KeptOutput output;

        private Running(JobRecord record, Path place, FileChannel lockFile, KeptOutput output) {
            this.record = record;
            this.place = place;
            this.lockFile = lockFile;
            this.output = output;
        }

        /** Its number. */
        public int id() {
            return record.id();
        }

        /** Takes what the job writes; bounded, and never a reason for a job to fail. */
        public OutputStream output() {
            return output;
        }

        /** Writes how it ended. */
        public void ended(JobRecord.Ending ending) throws SciabcException {
            try {
                output.close();
            } catch (IOException full) {
                // The job has ended and its status counts: a part of its output is better than no record.
                AtomicFile.ownerOnlyAt(place.resolve(RECORD)).write(JobRecordJson.write(record.ended(ending)));
                return;
            }
            AtomicFile.ownerOnlyAt(place.resolve(RECORD)).write(JobRecordJson.write(record.ended(ending)));
        }

        /** Lets go of it. */
        @Override
        public void close() {
            try {
                lockFile.close();
                Files.deleteIfExists(place.resolve(LOCK));
            } catch (IOException gone) {
                // The lock is the system's to take away when this process ends, and then nothing is wrong with the
                // record.
                return;
            }
        }
    }

    /**
     * Begins a record.
     *
     * @param command the program and its arguments
     * @throws SciabcException when nothing can be written there
     */
    public Running begin(List<String> command, int ranks, List<ReadyNode> nodes, Instant start) throws SciabcException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            forgetOldest();
            Path place = newFolder();
            FileChannel lockFile = openLock(place);
            if (lockFile.tryLock() == null) {
                throw new IOException("locked");
            }
            int id = Integer.parseInt(place.getFileName().toString());
            JobRecord record = new JobRecord(
                    id, command, ranks, nodes.stream().map(JobRecord.Place::of).toList(), start, Optional.empty());
            AtomicFile.ownerOnlyAt(place.resolve(RECORD)).write(JobRecordJson.write(record));
            Files.createFile(
                    place.resolve(OUTPUT),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new Running(
                    record,
                    place,
                    lockFile,
                    new KeptOutput(
                            new FileOutputStream(place.resolve(OUTPUT).toFile(), true), FIRST_BYTES, LAST_BYTES));
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot keep a record of the job in " + folder, "nothing can be written there", "", failure);
        }
    }

    /** All jobs that are kept, the latest first. */
    public List<Kept> all() throws SciabcException {
        List<Kept> kept = new ArrayList<>();
        for (int id : ids()) {
            find(id).ifPresent(kept::add);
        }
        return List.copyOf(kept);
    }

    /** The job of this number. */
    public Optional<Kept> find(int id) throws SciabcException {
        Path place = folder.resolve(Integer.toString(id));
        Optional<JobRecord> record = read(place);
        if (record.isEmpty() || record.get().ending().isPresent()) {
            return record.map(ended -> new Kept(ended, false));
        }
        if (isLocked(place)) {
            return record.map(running -> new Kept(running, true));
        }
        // It may have ended since it was read: its end is written before its lock goes.
        return read(place).map(again -> new Kept(again, false));
    }

    private static Optional<JobRecord> read(Path place) throws SciabcException {
        return AtomicFile.at(place.resolve(RECORD)).read().flatMap(JobRecordJson::parse);
    }

    /**
     * What is kept of a job's output.
     *
     * @throws SciabcException when it cannot be read
     */
    public InputStream output(int id) throws SciabcException {
        try {
            return Files.newInputStream(folder.resolve(Integer.toString(id)).resolve(OUTPUT));
        } catch (IOException gone) {
            throw new SciabcException("cannot read the output of job " + id, "it is not there any more", "", gone);
        }
    }

    private List<Integer> ids() throws SciabcException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> places = Files.list(folder)) {
            return places.map(place -> place.getFileName().toString())
                    .filter(name -> name.matches("[1-9]\\d{0,8}"))
                    .map(Integer::valueOf)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException unreadable) {
            throw new SciabcException("cannot read " + folder, "is it yours?", "", unreadable);
        }
    }

    /** Of two that begin at once, the one that comes second takes the next number. */
    private Path newFolder() throws IOException, SciabcException {
        int id = ids().stream().findFirst().orElse(0) + 1;
        while (true) {
            Path place = folder.resolve(Integer.toString(id));
            try {
                return Files.createDirectory(
                        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException taken) {
                id++;
            }
        }
    }

    /** With whatever somebody who was killed has left there. One that cannot be removed keeps nobody from the next job. */
    private void forgetOldest() throws SciabcException {
        List<Integer> ids = ids();
        for (int id : ids.subList(Math.min(MOST_JOBS - 1, ids.size()), ids.size())) {
            Path place = folder.resolve(Integer.toString(id));
            if (!isLocked(place)) {
                forget(place);
            }
        }
    }

    private static void forget(Path place) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(place);
        } catch (IOException stays) {
            // It is tried again with the next job.
            return;
        }
    }

    private static FileChannel openLock(Path place) throws IOException {
        return FileChannel.open(
                place.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static boolean isLocked(Path place) {
        if (!Files.exists(place.resolve(LOCK))) {
            return false;
        }
        try (FileChannel lockFile = FileChannel.open(place.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = lockFile.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException ours) {
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}
