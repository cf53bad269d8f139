// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * A large file on its way to a node, which keeps what has come of it where it is cut off. What the node has is gone on with
 * when its checksum is that of the file's beginning here.
 */
final class LargeFile {
    /** What a node needs in order to say what it has. */
    static final String LOOKING = NodeScripts.functions(
            "has_parts", "part_prefix", "is_own_part", "size_of", "is_left", "tell_part", "forget_parts");

    private static final String RECEIVING = NodeScripts.functions(
            "say",
            "fail",
            "have",
            "sum_of",
            "sum_of_input",
            "has_parts",
            "part_prefix",
            "is_own_part",
            "size_of",
            "is_left",
            "receive_large",
            "drop_part",
            "begin_with",
            "forget_parts");

    private final NodeConnection connection;
    private final CopyTree.Entry entry;
    private final String path;
    private final Deadline deadline;

    /**
     * @param entry the file
     * @param path its place on the node
     */
    LargeFile(NodeConnection connection, CopyTree.Entry entry, String path, Deadline deadline) {
        this.connection = connection;
        this.entry = entry;
        this.path = path;
        this.deadline = deadline;
    }

    /**
     * What a node has of a file; nothing says that it tells the truth.
     *
     * @param number the file's in the tree
     * @param sum its SHA-256 in hexadecimal digits
     * @param name its name on the node
     */
    record Part(int number, long size, String sum, String name) {
        private static final Pattern LINE = Pattern.compile("(\\d{1,9}) (\\d{1,18}) ([0-9a-f]{64}) ([^/]+)/");

        static Part parse(String line) throws SciabcException {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new SciabcException(
                        "cannot copy", "the node describes a part of a file in a way that makes no sense", "");
            }
            return new Part(
                    Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3), parts.group(4));
        }
    }

    /** Sends what the node has not; returns how many bytes that spared. */
    long send(Optional<Part> part) throws SciabcException, InterruptedException {
        try {
            if (part.isPresent()
                    && isBeginning(part.get())
                    && send(part.get().size(), part.get().name())) {
                return part.get().size();
            }
            send(0, "");
            return 0;
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot copy " + Untrusted.line(entry.name(), 200), "it cannot be read any more", "", failure);
        }
    }

    /** Returns whether the node has put it together; it may have lost its part meanwhile. */
    private boolean send(long from, String part) throws IOException, SciabcException, InterruptedException {
        String script = "LC_ALL=C\nexport LC_ALL\n" + RECEIVING + "receive_large "
                + ShellText.quote(path) + " " + Integer.toOctalString(entry.mode()) + " " + entry.size() + " "
                + entry.sum() + " " + from + " " + ShellText.quote(part) + "\n";
        try (InputStream content = Files.newInputStream(entry.local())) {
            content.skipNBytes(from);
            InputStream rest = new NoMoreThan(content, entry.size() - from);
            return !CopyAnswer.of(connection, script, rest, 0, deadline).lines().contains("anew");
        }
    }

    private boolean isBeginning(Part part) throws IOException {
        if (part.size() > entry.size()) {
            return false;
        }
        try (InputStream content = Files.newInputStream(entry.local())) {
            String sum =
                    HexFormat.of().formatHex(CopyTree.read(content, part.size()).digest());
            return sum.equals(part.sum());
        }
    }

    /** A file may grow while it is read. */
    private static final class NoMoreThan extends FilterInputStream {
        private long left;

        NoMoreThan(InputStream content, long most) {
            super(content);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(bytes, offset, (int) Math.min(left, length));
            left -= Math.max(0, count);
            return count;
        }
    }
}
