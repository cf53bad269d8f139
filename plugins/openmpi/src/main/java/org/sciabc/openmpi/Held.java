// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What is written is kept until it is known that somebody is to see it. */
final class Held extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean isReleased;

    Held(OutputStream out) {
        this.out = out;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        (isReleased ? out : held).write(octet);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        (isReleased ? out : held).write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        if (isReleased) {
            out.flush();
        }
    }

    synchronized void release() {
        isReleased = true;
        try {
            held.writeTo(out);
            out.flush();
        } catch (IOException readerLeft) {
            // Whoever writes next hears of it.
        }
        held.reset();
    }

    synchronized ByteArrayOutputStream held() {
        return held;
    }
}
