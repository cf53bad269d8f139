// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.IOException;
import java.io.OutputStream;

/** Passes output on as it comes, and keeps it, too: also when nobody reads it any longer. */
public final class RecordedOutput extends OutputStream {
    private final OutputStream out;
    private final OutputStream kept;
    private boolean readerLeft;

    public RecordedOutput(OutputStream out, OutputStream kept) {
        this.out = out;
        this.kept = kept;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        kept.write(bytes, offset, length);
        if (readerLeft) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException gone) {
            readerLeft = true;
        }
    }

    @Override
    public void flush() throws IOException {
        if (!readerLeft) {
            out.flush();
        }
    }
}
