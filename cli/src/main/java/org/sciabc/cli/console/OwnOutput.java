// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Standard output, or errors, which remembers why something could not be written: most who write to it do not ask. That
 * nobody reads any longer is not among it, as with any program that a pipe leads to {@code head}: it can be heard of.
 */
final class OwnOutput extends OutputStream {
    /** What is at a place, as in stat(2). */
    private static final int TYPE = 0170000;

    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    /** What a kernel says then, in English. */
    private static final String LOST = "roken pipe";

    private final OutputStream out;
    private final Optional<Path> place;
    private volatile Optional<String> failure = Optional.empty();

    /** Guarded by this. */
    private Runnable whenReaderLeaves = () -> {};

    /**
     * An output.
     *
     * @param place where the kernel says what it leads to, as {@code /proc/self/fd/1}; it need not be there
     */
    OwnOutput(OutputStream out, Path place) {
        this.out = out;
        this.place = Optional.of(place);
    }

    /** An output into a pipe. */
    OwnOutput(OutputStream pipe) {
        this.out = pipe;
        this.place = Optional.empty();
    }

    /** Does this, and nothing else any more, when somebody writes what nobody will read; it may be done more than once. */
    synchronized void whenReaderLeaves(Runnable action) {
        whenReaderLeaves = action;
    }

    private synchronized void readerHasLeft() {
        whenReaderLeaves.run();
    }

    /** Why something that was to be written is missing. */
    Optional<String> failure() {
        return failure;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException refused) {
            String why = String.valueOf(refused.getMessage());
            Optional<Boolean> losesReaders = losesReaders();
            if (losesReaders.orElse(why.contains(LOST))) {
                readerHasLeft();
            } else if (losesReaders.isPresent() && failure.isEmpty()) {
                failure = Optional.of(why);
            }
            throw refused;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Whether it is somebody who reads; absent where nobody can tell. */
    private Optional<Boolean> losesReaders() {
        if (place.isEmpty()) {
            return Optional.of(true);
        }
        try {
            int type = (Integer) Files.getAttribute(place.get(), "unix:mode") & TYPE;
            return Optional.of(type == PIPE || type == SOCKET);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noLinux) {
            return Optional.empty();
        }
    }
}
