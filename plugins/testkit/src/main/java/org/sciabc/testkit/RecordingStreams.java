// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.CommandStreams;

/**
 * Keeps what a command prints, for tests that wait for it from another thread, gives it its input when the test wants to, and
 * notices what must not be done to streams: closing them, and writing to them after the command's end. Safe to use from any
 * thread.
 */
public final class RecordingStreams {
    private final Object lock = new Object();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> violations = new ArrayList<>();
    private final InputStream in;
    private boolean over;

    private RecordingStreams(InputStream in) {
        this.in = in;
    }

    /**
     * Streams without input.
     *
     * @return streams whose input is at its end
     */
    public static RecordingStreams withoutInput() {
        return new RecordingStreams(InputStream.nullInputStream());
    }

    /**
     * Streams with input.
     *
     * @param bytes the whole of it
     * @return streams whose input ends after these bytes
     */
    public static RecordingStreams withInput(byte[] bytes) {
        return new RecordingStreams(new ByteArrayInputStream(bytes.clone()));
    }

    /**
     * Streams with input that comes as it comes, such as from a pipe.
     *
     * @param in where it comes from
     * @return streams with that input
     */
    public static RecordingStreams withInput(InputStream in) {
        return new RecordingStreams(in);
    }

    /**
     * What a command is given.
     *
     * @return streams that record
     */
    public CommandStreams streams() {
        return new CommandStreams(new Input(), new Output("standard output", out), new Output("standard error", err));
    }

    /** From now on every write is a violation: the command has ended. */
    public void commandEnded() {
        synchronized (lock) {
            over = true;
        }
    }

    /**
     * What came on standard output so far.
     *
     * @return as UTF-8
     */
    public String out() {
        synchronized (lock) {
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    /**
     * What came on standard error so far.
     *
     * @return as UTF-8
     */
    public String err() {
        synchronized (lock) {
            return err.toString(StandardCharsets.UTF_8);
        }
    }

    /**
     * What came on standard output so far.
     *
     * @return the bytes
     */
    public byte[] outBytes() {
        synchronized (lock) {
            return out.toByteArray();
        }
    }

    /**
     * Waits until standard output holds this text.
     *
     * @param text what has to come
     * @param limit how long to wait
     * @throws AssertionError when it did not come within the limit
     * @throws InterruptedException when the thread was interrupted
     */
    public void awaitOut(String text, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        synchronized (lock) {
            while (!out().contains(text)) {
                long left = TimeUnit.NANOSECONDS.toMillis(limit.toNanos() - (System.nanoTime() - begin));
                if (left <= 0) {
                    throw new AssertionError("standard output did not have "
                            + (text.isBlank() ? "a line" : "'" + text.strip() + "'") + " within " + Said.seconds(limit)
                            + "; it has '" + out() + "', standard error '" + err() + "'");
                }
                lock.wait(left);
            }
        }
    }

    /**
     * What was done to the streams that must not be.
     *
     * @return a sentence each; empty when all was well
     */
    public List<String> violations() {
        synchronized (lock) {
            return List.copyOf(violations);
        }
    }

    private void violated(String what) {
        synchronized (lock) {
            violations.add(what);
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() {
            violated("standard input was closed, and is its owner's to close");
        }
    }

    private final class Output extends OutputStream {
        private final String name;
        private final ByteArrayOutputStream kept;

        Output(String name, ByteArrayOutputStream kept) {
            this.name = name;
            this.kept = kept;
        }

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            synchronized (lock) {
                if (over) {
                    violations.add(name + " was written to after the end: "
                            + new String(bytes, offset, Math.min(length, 60), StandardCharsets.UTF_8));
                }
                kept.write(bytes, offset, length);
                lock.notifyAll();
            }
        }

        @Override
        public void close() {
            violated(name + " was closed, and is its owner's to close");
        }
    }
}
