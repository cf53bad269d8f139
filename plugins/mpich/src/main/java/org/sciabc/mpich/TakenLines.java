// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Passes a stream on but for certain lines, and but for an empty line before them. What cannot become such a line is passed
 * on as it comes, byte for byte.
 */
final class TakenLines extends OutputStream {
    private static final int LONGEST = 1 << 10;

    private final OutputStream out;
    private final String beginnings;
    private final Predicate<String> taken;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean isAtStart = true;
    private boolean isHeld;
    private boolean holdsEmptyLine;

    /**
     * A filter.
     *
     * @param beginnings the characters that lines to be taken begin with
     * @param taken whether a line, without its end and one character a byte, is to be taken
     */
    TakenLines(OutputStream out, String beginnings, Predicate<String> taken) {
        this.out = out;
        this.beginnings = beginnings;
        this.taken = taken;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (isAtStart) {
                at = begin(bytes, at);
                continue;
            }
            int feed = at;
            while (feed < end && bytes[feed] != '\n') {
                feed++;
            }
            int after = Math.min(end, feed + 1);
            (isHeld ? line : out).write(bytes, at, after - at);
            if (after > feed) {
                endLine();
            } else if (line.size() > LONGEST) {
                release();
            }
            at = after;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** Judges or passes on the end of a last line that has none. */
    synchronized void finish() throws IOException {
        if (isHeld && taken.test(line.toString(StandardCharsets.ISO_8859_1))) {
            line.reset();
            holdsEmptyLine = false;
        }
        release();
        out.flush();
    }

    private int begin(byte[] bytes, int at) throws IOException {
        if (bytes[at] == '\n') {
            passEmptyLine();
            holdsEmptyLine = true;
            return at + 1;
        }
        isAtStart = false;
        isHeld = beginnings.indexOf(bytes[at] & 0xFF) >= 0;
        if (!isHeld) {
            passEmptyLine();
        }
        return at;
    }

    private void endLine() throws IOException {
        isAtStart = true;
        if (!isHeld) {
            return;
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (taken.test(text.substring(0, text.length() - 1))) {
            line.reset();
            isHeld = false;
            holdsEmptyLine = false;
        } else {
            release();
        }
    }

    /** It is none of them. */
    private void release() throws IOException {
        passEmptyLine();
        line.writeTo(out);
        line.reset();
        isHeld = false;
    }

    private void passEmptyLine() throws IOException {
        if (holdsEmptyLine) {
            holdsEmptyLine = false;
            out.write('\n');
        }
    }
}
