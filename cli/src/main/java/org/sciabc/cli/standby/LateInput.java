// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A named pipe that is opened when somebody reads it. Until then its other end waits to be opened, too, so that what comes from
 * there is left for who reads it after this command: the rest of a script, or of a list that a loop goes through.
 */
final class LateInput extends InputStream {
    private final Path pipe;
    private volatile @Nullable InputStream opened;
    private volatile boolean isClosed;

    LateInput(Path pipe) {
        this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
        return content().read();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        return content().read(target, offset, count);
    }

    /** Whether there is any is not known before it is opened; where there is none for sure, there is no pipe. */
    @Override
    public int available() throws IOException {
        InputStream content = opened;
        return content == null ? 1 : content.available();
    }

    /** Does not wait for who opens it at this moment. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        InputStream content = opened;
        if (content != null) {
            content.close();
        }
    }

    /** Lets who waits for the other end go on without it. */
    static void release(Path pipe) throws IOException {
        try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw")) {
            both.getFD();
        }
    }

    private InputStream content() throws IOException {
        InputStream content = opened;
        return content == null ? open() : content;
    }

    private synchronized InputStream open() throws IOException {
        InputStream content = opened;
        if (content == null) {
            content = isClosed ? InputStream.nullInputStream() : new FileInputStream(pipe.toFile());
            opened = content;
            if (isClosed) {
                content.close();
            }
        }
        return content;
    }
}
