// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps the beginning and the end of what a job writes: the beginning as it comes, so that it is there even after a crash;
 * the end when the job has ended. May be written to by several threads.
 */
final class KeptOutput extends OutputStream {
    private final OutputStream file;
    private final byte[] end;
    private final long first;
    private long written;
    private boolean broken;

    /**
     * Output that is kept in a file.
     *
     * @param first how many bytes of the beginning are kept
     * @param last how many bytes of the end are kept
     */
    KeptOutput(OutputStream file, long first, int last) {
        this.file = file;
        this.first = first;
        this.end = new byte[last];
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int direct = (int) Math.max(0, Math.min(length, first - written));
        if (direct > 0) {
            toFile(bytes, offset, direct);
        }
        // Of a long piece only the end can stay in the ring.
        int skipped = Math.max(direct, length - end.length);
        long position = written + skipped;
        int from = offset + skipped;
        int left = length - skipped;
        while (left > 0) {
            int at = (int) ((position - first) % end.length);
            int part = Math.min(left, end.length - at);
            System.arraycopy(bytes, from, end, at, part);
            position += part;
            from += part;
            left -= part;
        }
        written += length;
    }

    /** Writes the end, and how much is missing in front of it. */
    @Override
    public synchronized void close() throws IOException {
        long beyond = written - first;
        if (beyond > 0) {
            int kept = (int) Math.min(beyond, end.length);
            long missing = beyond - kept;
            if (missing > 0) {
                byte[] gap = ("\n[" + missing + " bytes are not kept]\n").getBytes(StandardCharsets.UTF_8);
                toFile(gap, 0, gap.length);
            }
            int start = missing > 0 ? (int) (beyond % end.length) : 0;
            int untilWrap = Math.min(kept, end.length - start);
            toFile(end, start, untilWrap);
            toFile(end, 0, kept - untilWrap);
        }
        file.close();
    }

    /** A disk that is full must not end a job. */
    private void toFile(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        try {
            file.write(bytes, offset, length);
        } catch (IOException full) {
            broken = true;
        }
    }
}
