// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the tags of {@code mpirun --tag-output}, which name a job and a rank, into ours, which name the rank and its node.
 * What mpirun itself says is passed on as it is. Bytes that are not text stay what they are.
 */
final class TaggedOutput extends OutputStream {
    private static final int LONGEST_LINE = 64 << 10;
    private static final Pattern TAG = Pattern.compile("\\[\\d{1,10},(\\d{1,9})\\]<std(?:out|err)>:");

    private final OutputStream out;
    private final RankMap map;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean begun;

    TaggedOutput(OutputStream out, RankMap map) {
        this.out = out;
        this.map = map;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int start = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                pass(true);
                start = i + 1;
            }
        }
        line.write(bytes, start, end - start);
        if (line.size() > LONGEST_LINE) {
            pass(false);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Passes on the end of a last line that has none. */
    void finish() throws IOException {
        map.ended();
        if (line.size() > 0) {
            pass(false);
            out.flush();
        }
    }

    /** A line, or the beginning of one that is too long to be waited for. */
    private void pass(boolean isWhole) throws IOException {
        // One character a byte, and back: what is not UTF-8 passes unchanged.
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (begun || !map.takes(text)) {
            out.write((retagged(text, begun) + (isWhole ? "\n" : "")).getBytes(StandardCharsets.ISO_8859_1));
            begun = !isWhole;
        }
    }

    /** Where a rank ended without a line feed, the tag of the next stands in the middle of a line. */
    private String retagged(String text, boolean continued) {
        Matcher tag = TAG.matcher(text);
        StringBuilder shown = new StringBuilder();
        int passed = 0;
        while (tag.find()) {
            shown.append(text, passed, tag.start());
            if (tag.start() > 0 || continued) {
                shown.append('\n');
            }
            int rank = Integer.parseInt(tag.group(1));
            shown.append('[').append(rank);
            map.node(rank).ifPresent(node -> shown.append(' ').append(node));
            shown.append("] ");
            passed = tag.end();
            if (map.writesSpace() && passed < text.length() && text.charAt(passed) == ' ') {
                passed++;
            }
        }
        return shown.append(text, passed, text.length()).toString();
    }
}
