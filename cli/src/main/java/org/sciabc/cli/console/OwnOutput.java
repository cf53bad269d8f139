// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Standard output, which remembers why something could not be written: most who write to it do not ask. That nobody reads any
 * longer is not among it, as with any program that a pipe leads to {@code head}: it can be heard of.
 */
final class OwnOutput extends OutputStream {
    /** What is at a place, as in stat(2). */
    private static final int TYPE = 0170000;

    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private final OutputStream out;
    private final Optional<Path> place;
    private volatile Optional<String> failure = Optional.empty();
    private volatile Runnable whenReaderLeaves = () -> {};

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

    /** Does this when somebody writes what nobody will read; it may be done more than once. */
    void whenReaderLeaves(Runnable action) {
        whenReaderLeaves = action;
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
            if (mayLoseItsReader()) {
                whenReaderLeaves.run();
            } else if (failure.isEmpty()) {
                failure = Optional.of(String.valueOf(refused.getMessage()));
            }
            throw refused;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Where nobody can tell, it may. */
    private boolean mayLoseItsReader() {
        if (place.isEmpty()) {
            return true;
        }
        try {
            int type = (Integer) Files.getAttribute(place.get(), "unix:mode") & TYPE;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noLinux) {
            return true;
        }
    }
}
