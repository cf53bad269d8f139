// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Gives whole lines on, as they come; of a line that overwrites itself (a progress bar), what it ended as. A line that never ends is cut, so that a node
 * cannot fill the memory.
 */
final class LineOutput extends OutputStream {
    private static final int LONGEST = 64 << 10;

    private final Consumer<String> lines;
    private boolean returned;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    LineOutput(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n') {
            emit();
            return;
        }
        if (returned) {
            begun.reset();
        }
        returned = value == '\r';
        if (!returned && begun.size() < LONGEST) {
            begun.write(value);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** Gives on what has no line end yet. */
    @Override
    public synchronized void close() {
        if (begun.size() > 0) {
            emit();
        }
    }

    private void emit() {
        String line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        returned = false;
        lines.accept(line);
    }
}
