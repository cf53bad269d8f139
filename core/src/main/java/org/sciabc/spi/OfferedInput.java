// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A job's input, for whoever takes it: the first process itself, over a connection, or the launcher, which reads this stream and
 * gets it only where that process has not come for it in time.
 */
final class OfferedInput extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] YES = "yes\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "ok\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] WARNING =
            ("warning: the first process has not come for its input, which goes through the launcher: of"
                            + " what is long, a part may be lost\n")
                    .getBytes(StandardCharsets.UTF_8);

    private final InputStream from;
    private final OutputStream err;
    private final Duration patience;
    private boolean isSaid;

    /** Guarded by this. */
    private Taker taker = Taker.NOBODY;

    /** Guarded by this. */
    private @Nullable Socket socket;

    private enum Taker {
        NOBODY,
        /** It is offered to a process, which has not said yet that it has heard of that. */
        NOT_KNOWN,
        PROCESS,
        LAUNCHER,
        NO_LONGER
    }

    /**
     * Input that nobody has taken.
     *
     * @param streams the input, and where it is said that the launcher gets it
     * @param patience how long the first process may take to come for it
     */
    OfferedInput(CommandStreams streams, Duration patience) {
        this.from = streams.in();
        this.err = streams.err();
        this.patience = patience;
    }

    /**
     * Gives it to the first process, unless it is somebody else's, and then closes the connection. It may stay blocked in a
     * read of a terminal.
     */
    void giveTo(Socket process) {
        if (!becomes(Taker.NOT_KNOWN, process)) {
            JobInput.closeQuietly(process);
            return;
        }
        try (process) {
            // However long that takes: it is known to be there.
            process.setSoTimeout(0);
            OutputStream to = process.getOutputStream();
            to.write(YES);
            // To the last byte: a connection that is closed with some unread is reset, and what is on the way is lost.
            byte[] answer = process.getInputStream().readNBytes(OK.length);
            if (Arrays.equals(answer, OK) && becomes(Taker.PROCESS, process)) {
                copy(to);
            }
        } catch (IOException readsNoMore) {
            // A program need not read all of its input, and a process may be gone before it has begun to.
        } finally {
            becomes(Taker.NOBODY, process);
        }
    }

    private void copy(OutputStream to) throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
            to.write(bytes, 0, read);
        }
    }

    /** Returns whether it does: who has read of it keeps it. */
    private synchronized boolean becomes(Taker next, Socket process) {
        if (taker != (next == Taker.NOT_KNOWN ? Taker.NOBODY : Taker.NOT_KNOWN)) {
            return false;
        }
        taker = next;
        socket = process;
        notifyAll();
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = isForLauncher() ? from.read(bytes, offset, length) : -1;
        if (read > 0 && !isSaid) {
            isSaid = true;
            err.write(WARNING);
            err.flush();
        }
        return read;
    }

    /** Returns when that is clear; where it is not, when the job is over, because the daemon may die of an end of input, too. */
    private synchronized boolean isForLauncher() {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toMillis();
                    taker == Taker.NOT_KNOWN || taker == Taker.PROCESS || (taker == Taker.NOBODY && left > 0);
                    left = millisTo(end)) {
                // Where it is offered to somebody, whatever comes of that is notified: zero is without a limit.
                wait(taker == Taker.NOBODY ? left : 0);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (taker == Taker.NOBODY) {
            taker = Taker.LAUNCHER;
        }
        return taker == Taker.LAUNCHER;
    }

    private static long millisTo(long end) {
        return (end - System.nanoTime()) / 1_000_000;
    }

    /** Nobody is to read of it any more; the input itself stays open. */
    @Override
    public synchronized void close() {
        taker = Taker.NO_LONGER;
        notifyAll();
        if (socket != null) {
            JobInput.closeQuietly(socket);
        }
    }
}
