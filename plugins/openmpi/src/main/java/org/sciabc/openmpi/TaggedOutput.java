// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the tags of {@code mpirun --tag-output}, which name a job and a rank, into ours, which name the rank and its node.
 * Version 4 tags each piece that it has read, in the middle of a line, too: pieces of one rank are kept until its line ends.
 * What mpirun itself says is passed on as it is. Bytes that are not text stay what they are.
 */
final class TaggedOutput extends OutputStream {
    private static final int LONGEST_LINE = 64 << 10;
    private static final Pattern TAG = Pattern.compile("\\[\\d{1,10},(\\d{1,9})\\]<std(?:out|err)>:");
    private static final int MPIRUN = -1;
    private static final int NOBODY = -2;

    private final OutputStream out;
    private final RankMap map;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final SortedMap<Integer, StringBuilder> pieces = new TreeMap<>();
    private boolean begun;
    /** Who writes what is read now. */
    private int writer = MPIRUN;
    /** Whose line has been passed on in part. */
    private int open = NOBODY;

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

    /** Passes on what has no end of a line. */
    void finish() throws IOException {
        map.ended();
        if (line.size() > 0) {
            pass(false);
        }
        for (Map.Entry<Integer, StringBuilder> left : pieces.entrySet()) {
            if (left.getValue().length() > 0) {
                show(left.getKey(), left.getValue().toString(), false);
            }
        }
        pieces.clear();
        out.flush();
    }

    /** A line, or the beginning of one that is too long to be waited for. */
    private void pass(boolean isWhole) throws IOException {
        // One character a byte, and back: what is not UTF-8 passes unchanged.
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (begun || !map.takes(text)) {
            if (!begun) {
                writer = MPIRUN;
            }
            // A node's map may come behind a piece of a line.
            int beforeMap = isWhole ? map.beginsWithin(text) : -1;
            boolean isEnded = isWhole && beforeMap < 0;
            divide(beforeMap < 0 ? text : text.substring(0, beforeMap), isEnded);
            begun = !isWhole;
        }
    }

    private void divide(String text, boolean isWhole) throws IOException {
        Matcher tag = TAG.matcher(text);
        int passed = 0;
        while (tag.find()) {
            if (tag.start() > passed) {
                take(text.substring(passed, tag.start()), false);
            }
            writer = Integer.parseInt(tag.group(1));
            passed = tag.end();
            if (map.writesSpace() && passed < text.length() && text.charAt(passed) == ' ') {
                passed++;
            }
        }
        take(text.substring(passed), isWhole);
    }

    private void take(String piece, boolean isWhole) throws IOException {
        if (writer == MPIRUN) {
            show(MPIRUN, piece, isWhole);
            return;
        }
        StringBuilder kept = pieces.computeIfAbsent(writer, rank -> new StringBuilder());
        kept.append(piece);
        if (isWhole || kept.length() > LONGEST_LINE) {
            pieces.remove(writer);
            show(writer, kept.toString(), isWhole);
        }
    }

    private void show(int rank, String text, boolean isWhole) throws IOException {
        StringBuilder shown = new StringBuilder();
        if (open != rank) {
            if (open != NOBODY) {
                shown.append('\n');
            }
            if (rank != MPIRUN) {
                shown.append('[').append(rank);
                map.node(rank).ifPresent(node -> shown.append(' ').append(node));
                shown.append("] ");
            }
        }
        shown.append(text).append(isWhole ? "\n" : "");
        out.write(shown.toString().getBytes(StandardCharsets.ISO_8859_1));
        open = isWhole ? NOBODY : rank;
    }
}
