// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One input for many readers, each of which gets all of it at its own pace, as it comes. What came already is kept in a
 * file, so that neither a large input fills the memory nor a slow reader holds up the others.
 */
public final class SharedInput implements AutoCloseable {
    private static final int PART = 64 << 10;

    /** /tmp is in memory on many a system, and /var/tmp nowhere. */
    private static final Path FOLDER = Stream.of("/var/tmp", System.getProperty("java.io.tmpdir", "/tmp"))
            .map(Path::of)
            .filter(Files::isWritable)
            .findFirst()
            .orElse(Path.of("."));

    private final Thread reader;
    /** Not a channel, which would close itself for all readers when one of them is interrupted. */
    private @Nullable RandomAccessFile kept;

    private long length;
    private boolean hasEnded;
    private Optional<IOException> failure = Optional.empty();

    /** Begins to read. */
    public SharedInput(InputStream source) {
        this.reader = new Thread(() -> readAll(source), "input");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /** All of the input, from its beginning; what has ended empty by now is an input of which everybody knows that. */
    public synchronized InputStream fromStart() {
        return hasEnded && length == 0 && failure.isEmpty() ? InputStream.nullInputStream() : new Reader();
    }

    /** Forgets what came. A reader that still waits gets an error. */
    @Override
    public synchronized void close() {
        failure = Optional.of(new IOException("it was closed"));
        hasEnded = true;
        notifyAll();
        try {
            if (kept != null) {
                kept.close();
            }
        } catch (IOException whatever) {
            // The file has no name and goes with the process.
            return;
        }
    }

    private void readAll(InputStream source) {
        byte[] part = new byte[PART];
        try {
            for (int count = source.read(part); count >= 0; count = source.read(part)) {
                keep(part, count);
            }
            end(Optional.empty());
        } catch (IOException broken) {
            end(Optional.of(broken));
        }
    }

    private synchronized void keep(byte[] part, int count) throws IOException {
        if (hasEnded) {
            throw new IOException("nobody reads it any more");
        }
        try {
            RandomAccessFile file = kept == null ? unnamedFile() : kept;
            kept = file;
            file.seek(length);
            file.write(part, 0, count);
        } catch (IOException full) {
            throw new IOException("it cannot be kept in " + FOLDER + ": " + full.getMessage(), full);
        }
        length += count;
        notifyAll();
    }

    private synchronized void end(Optional<IOException> why) {
        if (!hasEnded) {
            hasEnded = true;
            failure = why;
        }
        notifyAll();
    }

    private static RandomAccessFile unnamedFile() throws IOException {
        Path file = Files.createTempFile(FOLDER, "sciabc-", ".input");
        try {
            return new RandomAccessFile(file.toFile(), "rw");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private synchronized int read(long position, byte[] target, int offset, int count) throws IOException {
        while (position >= length && !hasEnded) {
            try {
                wait();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
        if (failure.isPresent() && position >= length) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
        if (position >= length) {
            return -1;
        }
        RandomAccessFile file = Objects.requireNonNull(kept);
        file.seek(position);
        return file.read(target, offset, count);
    }

    private final class Reader extends InputStream {
        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            int read = SharedInput.this.read(position, target, offset, count);
            position += Math.max(0, read);
            return read;
        }
    }
}
