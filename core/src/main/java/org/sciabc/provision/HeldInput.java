// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.InputStream;
import java.io.InterruptedIOException;

/** An input that says what it has to say and then stays open until it is released: its end tells the node to stop. */
final class HeldInput extends InputStream {
    private final byte[] content;
    private int at;
    private boolean released;

    HeldInput(byte[] content) {
        this.content = content;
    }

    /** Lets the input end. */
    synchronized void release() {
        released = true;
        notifyAll();
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int length) throws InterruptedIOException {
        if (length == 0) {
            return 0;
        }
        while (at == content.length && !released) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        int count = Math.min(length, content.length - at);
        System.arraycopy(content, at, buffer, offset, count);
        at += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public synchronized int available() {
        return content.length - at;
    }
}
