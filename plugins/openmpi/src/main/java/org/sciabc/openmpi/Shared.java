// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that several threads write to. */
final class Shared extends OutputStream {
    private final OutputStream out;

    Shared(OutputStream out) {
        this.out = out;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        out.write(octet);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
