// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The beginning of what a machine says: it must not fill this one's memory. May be used by several threads. */
final class Heard extends OutputStream {
    static final int MOST_BYTES = 1 << 18;
    private static final int END_BYTES = 64;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private byte[] end = {};
    private final Runnable listener;

    Heard() {
        this(() -> {});
    }

    /** The same for who waits for more: the listener is called after each piece. */
    Heard(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void write(int oneByte) {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        synchronized (kept) {
            kept.write(bytes, offset, Math.min(length, MOST_BYTES - kept.size()));
            byte[] all = Arrays.copyOf(end, end.length + length);
            System.arraycopy(bytes, offset, all, end.length, length);
            end = Arrays.copyOfRange(all, Math.max(0, all.length - END_BYTES), all.length);
        }
        listener.run();
    }

    /** Whether the last of all that was said, kept or not, is this, of {@value #END_BYTES} bytes at most. */
    boolean endsWith(byte[] wanted) {
        synchronized (kept) {
            int from = end.length - wanted.length;
            return from >= 0 && Arrays.equals(end, from, end.length, wanted, 0, wanted.length);
        }
    }

    void forget() {
        synchronized (kept) {
            kept.reset();
            end = new byte[0];
        }
    }

    String text() {
        synchronized (kept) {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
