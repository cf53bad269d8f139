// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Files of the manager as one archive, see {@link TarWriter}, of which no more is in memory than is just being read. */
final class FilesInput extends InputStream {
    private final Queue<Part> parts = new ArrayDeque<>();
    private InputStream current = InputStream.nullInputStream();

    /**
     * A file.
     *
     * @param name its path in the archive
     */
    record Member(String name, Path file, int mode, long size) {}

    /** A part of the archive, which is opened when its turn comes. */
    @FunctionalInterface
    private interface Part {
        InputStream open() throws IOException;
    }

    FilesInput(List<Member> members) {
        for (Member member : members) {
            parts.add(() -> new ByteArrayInputStream(TarWriter.head(member.name(), member.mode(), member.size())));
            parts.add(() -> new Whole(member));
            parts.add(() -> new ByteArrayInputStream(TarWriter.padding(member.size())));
        }
        parts.add(() -> new ByteArrayInputStream(TarWriter.end()));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = current.read(bytes, offset, length);
        while (count < 0) {
            current.close();
            Part next = parts.poll();
            if (next == null) {
                return -1;
            }
            current = next.open();
            count = current.read(bytes, offset, length);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        parts.clear();
        current.close();
    }

    /** A file that has as many bytes as were announced, or fails. */
    private static final class Whole extends FilterInputStream {
        private final Member member;
        private long left;

        Whole(Member member) throws IOException {
            super(Files.newInputStream(member.file()));
            this.member = member;
            this.left = member.size();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            left -= Math.max(0, count);
            if (left < 0 || (count < 0 && left > 0)) {
                throw new IOException(member.name() + " changed while it was read");
            }
            return count;
        }
    }
}
