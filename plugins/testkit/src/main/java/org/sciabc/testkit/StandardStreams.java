// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Standard input, output and error of this JVM while a plugin is at work, to see whether it leaves them alone. What slf4j
 * prints, because no logging is set up or because it is, passes: it is the way that plugins are to take.
 */
final class StandardStreams implements AutoCloseable {
    private static final String LOGGING = "org.slf4j.";

    private final InputStream in = System.in;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicReference<String> printer = new AtomicReference<>("");
    private final AtomicReference<String> reader = new AtomicReference<>("");

    private StandardStreams() {}

    static StandardStreams watch() {
        StandardStreams streams = new StandardStreams();
        System.setIn(streams.new WatchedInput());
        System.setOut(new PrintStream(streams.new WatchedOutput(streams.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(streams.new WatchedOutput(streams.err), true, StandardCharsets.UTF_8));
        return streams;
    }

    /** What was printed, and by which class; empty when nothing was. */
    Optional<String> printed() {
        synchronized (printed) {
            return printed.size() == 0
                    ? Optional.empty()
                    : Optional.of(printer.get() + " printed '"
                            + printed.toString(StandardCharsets.UTF_8).strip() + "'");
        }
    }

    /** Which class read standard input; empty when none did. */
    Optional<String> reader() {
        return Optional.ofNullable(reader.get()).filter(name -> !name.isEmpty());
    }

    @Override
    public void close() {
        System.setIn(in);
        System.setOut(out);
        System.setErr(err);
    }

    /** The first class on the stack that is neither the JDK's nor this one. */
    private static String culprit() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> !name.startsWith("java.")
                                && !name.startsWith("sun.")
                                && !name.startsWith("jdk.")
                                && !name.startsWith(StandardStreams.class.getName()))
                        .findFirst())
                .orElse("something");
    }

    private static boolean isLogging() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.map(StackWalker.StackFrame::getClassName).anyMatch(name -> name.startsWith(LOGGING)));
    }

    private final class WatchedOutput extends OutputStream {
        private final PrintStream original;

        WatchedOutput(PrintStream original) {
            this.original = original;
        }

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (isLogging()) {
                original.write(bytes, offset, length);
                return;
            }
            synchronized (printed) {
                printer.compareAndSet("", culprit());
                printed.write(bytes, offset, length);
            }
        }
    }

    /** Is at its end at once, so that who prompts does not wait for ever. */
    private final class WatchedInput extends InputStream {
        @Override
        public int read() {
            reader.compareAndSet("", culprit());
            return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return read();
        }

        @Override
        public int available() {
            reader.compareAndSet("", culprit());
            return 0;
        }
    }
}
