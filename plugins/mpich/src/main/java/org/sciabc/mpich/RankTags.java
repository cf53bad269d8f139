// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Output whose every piece begins with who wrote it, put together to lines that begin with the rank and its node. Hydra
 * writes its {@code -prepend-pattern} before each piece of a line that it reads, wherever a line is by then, and pieces of
 * several ranks share lines: nobody could read that, and only a pattern that no program can know tells them apart.
 */
final class RankTags extends OutputStream {
    private static final char BEGIN = '\u001e';
    private static final char END = '\u001f';

    /** A line that is longer is divided rather than kept. */
    private static final int LONGEST_LINE = 1 << 20;

    private final OutputStream out;
    private final String mark;
    private final Map<String, String> namesByAddress;
    private final Map<String, StringBuilder> lines = new TreeMap<>();

    /** What may yet become a tag. One character a byte, here and below: what is not UTF-8 passes unchanged. */
    private String rest = "";

    /** Whose piece comes; nobody's where Hydra or ssh have a line of their own. */
    private String writer = "";

    /**
     * A stream.
     *
     * @param key what nobody else knows: letters and digits
     * @param namesByAddress what nodes are called, by their addresses in the hostfile
     */
    RankTags(OutputStream out, String key, Map<String, String> namesByAddress) {
        this.out = out;
        this.mark = BEGIN + key + " ";
        this.namesByAddress = Map.copyOf(namesByAddress);
    }

    /** What Hydra is to write before each piece. */
    static String pattern(String key) {
        return BEGIN + key + " %r %h" + END;
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        String text = rest + new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        int passed = 0;
        int tag = text.indexOf(mark);
        while (tag >= 0) {
            pass(text.substring(passed, tag));
            passed = tag;
            int end = text.indexOf(END, tag);
            if (end < 0) {
                break;
            }
            writer = named(text.substring(tag + mark.length(), end));
            passed = end + 1;
            tag = text.indexOf(mark, passed);
        }
        int kept = tag >= 0 ? passed : beginningOfMark(text, passed);
        pass(text.substring(passed, kept));
        rest = text.substring(kept);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** Passes on last lines that have no end, each on a line of its own. */
    synchronized void finish() throws IOException {
        pass(rest);
        rest = "";
        for (String each : lines.keySet()) {
            writer = each;
            if (line().length() > 0) {
                endLine();
            }
        }
        out.flush();
    }

    /** Where the text ends with what the mark begins with; its end otherwise. */
    private int beginningOfMark(String text, int from) {
        for (int at = Math.max(from, text.length() - mark.length() + 1); at < text.length(); at++) {
            if (mark.startsWith(text.substring(at))) {
                return at;
            }
        }
        return text.length();
    }

    private String named(String rankAndAddress) {
        int space = rankAndAddress.indexOf(' ');
        String address = rankAndAddress.substring(space + 1);
        return rankAndAddress.substring(0, space + 1) + namesByAddress.getOrDefault(address, address);
    }

    private void pass(String piece) throws IOException {
        int begin = 0;
        while (begin < piece.length()) {
            int feed = piece.indexOf('\n', begin);
            int end = feed < 0 ? piece.length() : feed;
            if (writer.isEmpty()) {
                int after = feed < 0 ? end : feed + 1;
                write(piece.substring(begin, after));
            } else {
                line().append(piece, begin, end);
                if (feed >= 0 || line().length() > LONGEST_LINE) {
                    endLine();
                }
            }
            if (feed >= 0) {
                // Each line of a process begins with its tag.
                writer = "";
            }
            begin = end + 1;
        }
    }

    private void endLine() throws IOException {
        String name = new String(writer.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        write("[" + name + "] " + line() + "\n");
        line().setLength(0);
    }

    private StringBuilder line() {
        return lines.computeIfAbsent(writer, unseen -> new StringBuilder());
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
