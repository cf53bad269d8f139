// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Copies one stream of a program's, as it comes. */
final class Pump {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Who has not taken a buffer for that long may never take it. */
    private static final long STUCK = Duration.ofSeconds(1).toNanos();

    private final InputStream from;
    private final OutputStream to;
    private final boolean closing;
    private volatile boolean isWriting;
    private volatile long began;

    /**
     * One that has not begun.
     *
     * @param closing whether what it copies to ends with what it copies from, and is of no use when it breaks
     */
    Pump(InputStream from, OutputStream to, boolean closing) {
        this.from = from;
        this.to = to;
        this.closing = closing;
    }

    /** Begins. The thread may stay blocked in a read of a terminal: it is a daemon. */
    Thread start(String name) {
        Thread thread = new Thread(this::copy, "job-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Takes what a program that was asked to end has written, and nobody reads: it may be unable to hear before its output is
     * gone. Nothing is taken from a reader that is merely slow.
     */
    void dropWhatIsStuck() {
        if (!isWriting || System.nanoTime() - began < STUCK) {
            return;
        }
        try {
            byte[] dropped = new byte[BUFFER_BYTES];
            int waiting = from.available();
            if (waiting > 0 && from.read(dropped, 0, Math.min(waiting, dropped.length)) < 0) {
                return;
            }
        } catch (IOException gone) {
            // Then nothing of it is left that could hold up anybody.
            return;
        }
    }

    private void copy() {
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean writable = true;
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                writable = writable && write(buffer, read);
                if (!writable && closing) {
                    return;
                }
            }
        } catch (IOException ended) {
            // The process is gone, and with it the end of the pipe: what it had written was read before.
            return;
        } finally {
            if (closing) {
                closeQuietly();
            }
        }
    }

    /** A reader that went away ({@code | head}) must not block the program: its further output is dropped. */
    private boolean write(byte[] buffer, int length) {
        began = System.nanoTime();
        isWriting = true;
        try {
            to.write(buffer, 0, length);
            to.flush();
            return true;
        } catch (IOException readerLeft) {
            return false;
        } finally {
            isWriting = false;
        }
    }

    private void closeQuietly() {
        try {
            to.close();
        } catch (IOException alreadyGone) {
            // Closing tells a process that there is no more input; one that has ended need not know.
            return;
        }
    }
}
