// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A job's input, of which the first byte is read in advance: by a thread of its own, which may stay blocked at a terminal. Where
 * the input can be taken back, the byte stays there, for a job that is run again.
 */
final class PeekedInput extends InputStream {
    private final InputStream from;
    private final FutureTask<Integer> first;
    private boolean isFirstRead;

    PeekedInput(InputStream from) {
        this.from = from;
        this.first = new FutureTask<>(() -> peek(from));
        Thread thread = new Thread(first, "first-input");
        thread.setDaemon(true);
        thread.start();
    }

    private static int peek(InputStream from) throws IOException {
        if (!from.markSupported()) {
            return from.read();
        }
        from.mark(1);
        int octet = from.read();
        from.reset();
        return octet;
    }

    /** Whether there is none, as in {@code /dev/null}. Where that is not known in time, there may be some. */
    boolean isEmpty(Duration atMost) throws InterruptedException {
        try {
            return first.get(atMost.toNanos(), TimeUnit.NANOSECONDS) < 0;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException unreadable) {
            return true;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (isFirstRead || length == 0) {
            return from.read(bytes, offset, length);
        }
        int octet = first();
        isFirstRead = true;
        if (from.markSupported()) {
            return from.read(bytes, offset, length);
        }
        if (octet < 0) {
            return -1;
        }
        bytes[offset] = (byte) octet;
        int more = Math.min(length - 1, from.available());
        return more > 0 ? 1 + Math.max(0, from.read(bytes, offset + 1, more)) : 1;
    }

    private int first() throws IOException {
        try {
            return first.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        } catch (ExecutionException unreadable) {
            throw new IOException(unreadable.getCause());
        }
    }
}
