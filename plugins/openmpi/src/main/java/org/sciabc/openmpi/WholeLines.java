// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What one process writes, passed on in whole lines, since others write to the same place. What has no end yet is kept for
 * {@link #release}: a question to a person ends without a line feed.
 */
final class WholeLines extends OutputStream {
    private static final int MOST_KEPT = 1 << 16;
    private static final long OLD_NANOS = 50_000_000;

    private final OutputStream out;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long keptSince;
    private boolean isReaderGone;

    WholeLines(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int end = offset + length;
        while (end > offset && bytes[end - 1] != '\n') {
            end--;
        }
        if (end > offset) {
            kept.write(bytes, offset, end - offset);
            release();
        }
        if (kept.size() == 0) {
            keptSince = System.nanoTime();
        }
        kept.write(bytes, end, offset + length - end);
        if (kept.size() > MOST_KEPT) {
            release();
        }
    }

    boolean isKeeping() {
        return kept.size() > 0;
    }

    void releaseWhatIsOld() {
        if (isKeeping() && System.nanoTime() - keptSince > OLD_NANOS) {
            release();
        }
    }

    /** A reader that went away ({@code | head}) must not block the job: its further output is dropped. */
    void release() {
        if (kept.size() > 0 && !isReaderGone) {
            try {
                kept.writeTo(out);
                out.flush();
            } catch (IOException readerLeft) {
                isReaderGone = true;
            }
        }
        kept.reset();
    }
}
