// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Something to read that breaks after so many bytes. */
final class BreakingSource extends InputStream {
    private int left;

    BreakingSource(int bytes) {
        left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 1 ? -1 : one[0];
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            throw new IOException("the source broke");
        }
        int count = Math.min(left, length);
        Arrays.fill(bytes, offset, offset + count, (byte) 'x');
        left -= count;
        return count;
    }
}
