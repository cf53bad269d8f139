// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The output of one node among that of others: whole lines, each behind the node's name, as soon as they are there. A line
 * that grows too long is cut in two rather than kept.
 */
public final class PrefixedOutput extends OutputStream {
    private static final int LONGEST = 64 << 10;

    private final PrintStream target;
    private final byte[] prefix;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /**
     * The output of a node.
     *
     * @param target shared with other nodes; it is locked for each line
     */
    public PrefixedOutput(PrintStream target, String node) {
        this.target = target;
        this.prefix = (node + ": ").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int value) {
        begun.write(value);
        if (value == '\n' || begun.size() >= LONGEST) {
            pass();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
        // Whoever waits for a line is to see it now; once for all that came together.
        target.flush();
    }

    @Override
    public void flush() {
        target.flush();
    }

    /** Passes on the last line, if it did not end. */
    @Override
    public synchronized void close() {
        if (begun.size() > 0) {
            pass();
        }
        target.flush();
    }

    private void pass() {
        byte[] text = begun.toByteArray();
        begun.reset();
        boolean isWhole = text[text.length - 1] == '\n';
        byte[] line = Arrays.copyOf(prefix, prefix.length + text.length + (isWhole ? 0 : 1));
        System.arraycopy(text, 0, line, prefix.length, text.length);
        if (!isWhole) {
            line[line.length - 1] = '\n';
        }
        synchronized (target) {
            // At once: standard output and standard error often end at one terminal, and each would cut the other's
            // lines.
            target.write(line, 0, line.length);
        }
    }
}
