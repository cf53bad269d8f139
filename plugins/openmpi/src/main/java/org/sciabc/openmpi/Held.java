// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** What is written is kept until it is known that somebody is to see it. */
final class Held extends OutputStream {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable OutputStream out;

    @Override
    public synchronized void write(int octet) throws IOException {
        (out == null ? held : out).write(octet);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        (out == null ? held : out).write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    /** From here on it is written to this. */
    synchronized void release(OutputStream to) {
        out = to;
        try {
            held.writeTo(to);
            to.flush();
        } catch (IOException readerLeft) {
            // Whoever writes next hears of it.
        }
        held.reset();
    }

    synchronized ByteArrayOutputStream held() {
        return held;
    }
}
