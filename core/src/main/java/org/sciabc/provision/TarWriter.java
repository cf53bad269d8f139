// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes an archive in POSIX ustar form (pax(1)): regular files of root's, the same bytes for the same files. */
final class TarWriter implements Closeable {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_PREFIX = 155;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Adds a file.
     *
     * @param name its path, with slashes
     * @param size how many bytes the content has
     * @throws IOException when it cannot be written, has another size, or has too long a name
     */
    void add(String name, int mode, long size, InputStream content) throws IOException {
        out.write(header(name, mode, size));
        long copied = content.transferTo(out);
        if (copied != size) {
            throw new IOException(name + " changed while it was read");
        }
        out.write(new byte[(int) (-copied & (BLOCK - 1))]);
    }

    /** Ends the archive; the stream stays open. */
    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private static byte[] header(String name, int mode, long size) throws IOException {
        int split = name.length() <= LONGEST_NAME ? -1 : name.indexOf('/', name.length() - LONGEST_NAME - 1);
        if (name.length() > LONGEST_NAME && (split < 0 || split > LONGEST_PREFIX)) {
            throw new IOException("too long a name: " + name);
        }
        byte[] header = new byte[BLOCK];
        put(header, 0, name.substring(split + 1));
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(0, 7));
        put(header, 116, octal(0, 7));
        put(header, 124, octal(size, 11));
        put(header, 136, octal(0, 11));
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        put(header, 265, "root");
        put(header, 297, "root");
        put(header, 345, split < 0 ? "" : name.substring(0, split));
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
