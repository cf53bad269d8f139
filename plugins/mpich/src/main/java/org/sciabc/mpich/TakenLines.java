// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Passes a stream on but for certain lines, and but for an empty line before them. What cannot become such a line is passed
 * on as it comes, byte for byte.
 */
final class TakenLines extends OutputStream {
    private static final int LONGEST = 1 << 10;

    private final OutputStream out;
    private final String beginnings;
    private final Function<String, Verdict> judge;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    /** A line that goes where the next one goes, without an empty line between them. */
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private boolean isAtStart = true;
    private boolean isHeld;
    private boolean holdsEmptyLine;

    /** What becomes of a line. */
    enum Verdict {
        TAKEN,
        /** Taken if the next line is, and passed on otherwise. */
        TAKEN_WITH_NEXT,
        PASSED
    }

    /**
     * A filter.
     *
     * @param beginnings the characters that lines to be taken begin with
     * @param judge tells what becomes of a line, which it gets without its end and one character a byte
     */
    TakenLines(OutputStream out, String beginnings, Function<String, Verdict> judge) {
        this.out = out;
        this.beginnings = beginnings;
        this.judge = judge;
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
        if (isHeld && judge.apply(line.toString(StandardCharsets.ISO_8859_1)) == Verdict.TAKEN) {
            take();
        }
        release();
        out.flush();
    }

    private int begin(byte[] bytes, int at) throws IOException {
        if (bytes[at] == '\n') {
            passKept();
            holdsEmptyLine = true;
            return at + 1;
        }
        isAtStart = false;
        isHeld = beginnings.indexOf(bytes[at] & 0xFF) >= 0;
        if (!isHeld) {
            passKept();
        }
        return at;
    }

    private void endLine() throws IOException {
        isAtStart = true;
        if (!isHeld) {
            return;
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        switch (judge.apply(text.substring(0, text.length() - 1))) {
            case TAKEN -> take();
            case TAKEN_WITH_NEXT -> keep();
            case PASSED -> release();
        }
    }

    private void take() {
        line.reset();
        kept.reset();
        isHeld = false;
        holdsEmptyLine = false;
    }

    private void keep() throws IOException {
        if (kept.size() > 0) {
            passKept();
        }
        line.writeTo(kept);
        line.reset();
        isHeld = false;
    }

    /** It is none of them. */
    private void release() throws IOException {
        passKept();
        line.writeTo(out);
        line.reset();
        isHeld = false;
    }

    /** An empty line, and what came after it. */
    private void passKept() throws IOException {
        if (holdsEmptyLine) {
            holdsEmptyLine = false;
            out.write('\n');
        }
        kept.writeTo(out);
        kept.reset();
    }
}
