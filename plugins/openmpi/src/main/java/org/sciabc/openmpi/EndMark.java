// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * What comes at the end of each stream of a process in a resident run-time, followed by how the process ended, and nobody
 * gets to see: a stream without it is not whole.
 */
record EndMark(String text) {
    private static final char FIRST = '\u001e';

    static EndMark random() {
        return new EndMark(FIRST + UUID.randomUUID().toString());
    }

    /** What is known to the processes of the job alone. */
    String token() {
        return text.substring(1);
    }

    /**
     * A stream that passes everything on but the mark.
     *
     * @param ended hears the exit status of each process that has ended
     */
    OutputStream removedFrom(OutputStream out, IntConsumer ended) {
        return new Removing(text.getBytes(StandardCharsets.US_ASCII), out, ended);
    }

    /** The mark's first character is not in it again: what did not become a mark can be passed on as a whole. */
    private static final class Removing extends OutputStream {
        private final byte[] mark;
        private final OutputStream out;
        private final IntConsumer ended;
        private int matched;
        private boolean readsStatus;
        private int status;

        Removing(byte[] mark, OutputStream out, IntConsumer ended) {
            this.mark = mark;
            this.out = out;
            this.ended = ended;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int at = offset; at < offset + length; at++) {
                if (readsStatus) {
                    from = at + 1;
                    readStatus(bytes[at]);
                } else if (bytes[at] == mark[matched]) {
                    if (matched == 0) {
                        out.write(bytes, from, at - from);
                    }
                    matched++;
                    from = at + 1;
                    readsStatus = matched == mark.length;
                    matched = readsStatus ? 0 : matched;
                } else if (matched > 0) {
                    out.write(mark, 0, matched);
                    matched = 0;
                    from = at;
                    if (bytes[at] == mark[0]) {
                        at--;
                    }
                }
            }
            out.write(bytes, from, offset + length - from);
        }

        /** Digits up to the line feed, all of them ours: nobody else knows the mark. */
        private void readStatus(byte octet) {
            if (octet == '\n') {
                readsStatus = false;
                ended.accept(status);
                status = 0;
            } else {
                status = (status * 10 + octet - '0') & 0xFFFF;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
