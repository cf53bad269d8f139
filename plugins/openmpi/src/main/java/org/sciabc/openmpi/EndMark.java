// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What each process of a job in a resident run-time writes at its end, on both streams, and nobody gets to see: PRRTE 3.0.8
 * drops what a process wrote after its last line feed.
 */
record EndMark(String text) {
    private static final char FIRST = '\u001e';

    static EndMark random() {
        return new EndMark(FIRST + UUID.randomUUID().toString());
    }

    /** The command that runs another one and then writes the mark. */
    List<String> wrap(List<String> command) {
        String script =
                "\"$@\"; status=$?; printf '%s\\n' '" + text + "'; printf '%s\\n' '" + text + "' >&2; exit $status";
        return Stream.concat(Stream.of("sh", "-c", script, "sciabc"), command.stream())
                .toList();
    }

    /** A stream that passes everything on but the mark. */
    OutputStream removedFrom(OutputStream out) {
        return new Removing((text + "\n").getBytes(StandardCharsets.US_ASCII), out);
    }

    /** The mark's first character is not in it again: what did not become a mark can be passed on as a whole. */
    private static final class Removing extends OutputStream {
        private final byte[] mark;
        private final OutputStream out;
        private int matched;

        Removing(byte[] mark, OutputStream out) {
            this.mark = mark;
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int at = offset; at < offset + length; at++) {
                if (bytes[at] == mark[matched]) {
                    if (matched == 0) {
                        out.write(bytes, from, at - from);
                    }
                    matched++;
                    from = at + 1;
                    matched = matched == mark.length ? 0 : matched;
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

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
