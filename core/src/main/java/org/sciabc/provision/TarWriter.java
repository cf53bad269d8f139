// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes an archive in POSIX ustar form (pax(1)): regular files of root's, the same bytes for the same files. Names that are
 * too long for it are written as GNU's tar does, which BSD's and BusyBox's read, too.
 */
final class TarWriter implements Closeable {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_PREFIX = 155;
    private static final char FILE = '0';
    private static final char LONG_NAME = 'L';

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Adds a file.
     *
     * @param name its path, with slashes
     * @param size how many bytes the content has
     * @throws IOException when it cannot be written, or has another size
     */
    void add(String name, int mode, long size, InputStream content) throws IOException {
        out.write(head(name, mode, size));
        long copied = content.transferTo(out);
        if (copied != size) {
            throw new IOException(name + " changed while it was read");
        }
        out.write(padding(copied));
    }

    /** Ends the archive; the stream stays open. */
    @Override
    public void close() throws IOException {
        out.write(end());
        out.flush();
    }

    /** What stands before a file's content. */
    static byte[] head(String name, int mode, long size) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int split = bytes.length <= LONGEST_NAME ? -1 : slash(bytes, bytes.length - LONGEST_NAME - 1);
        if (bytes.length <= LONGEST_NAME || (split > 0 && split <= LONGEST_PREFIX)) {
            return header(bytes, split, mode, size, FILE);
        }
        byte[] link = "././@LongLink".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(header(link, -1, 0, bytes.length + 1L, LONG_NAME));
        both.writeBytes(bytes);
        both.write(0);
        both.writeBytes(padding(bytes.length + 1L));
        both.writeBytes(header(Arrays.copyOf(bytes, LONGEST_NAME), -1, mode, size, FILE));
        return both.toByteArray();
    }

    /** What stands behind a file's content of this size. */
    static byte[] padding(long size) {
        return new byte[(int) (-size & (BLOCK - 1))];
    }

    /** What stands behind the last file. */
    static byte[] end() {
        return new byte[2 * BLOCK];
    }

    private static int slash(byte[] name, int from) {
        int at = from;
        while (at < name.length && name[at] != '/') {
            at++;
        }
        return at < name.length ? at : -1;
    }

    private static byte[] header(byte[] name, int split, int mode, long size, char type) {
        byte[] header = new byte[BLOCK];
        System.arraycopy(name, split + 1, header, 0, name.length - split - 1);
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(0, 7));
        put(header, 116, octal(0, 7));
        put(header, 124, octal(size, 11));
        put(header, 136, octal(0, 11));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar");
        put(header, 263, "00");
        put(header, 265, "root");
        put(header, 297, "root");
        System.arraycopy(name, 0, header, 345, Math.max(0, split));
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, octal(sum, 6));
        header[154] = 0;
        return header;
    }

    private static String octal(long number, int digits) {
        String text = Long.toOctalString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
