// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * A package file as a node is told of it before it is sent.
 */
final class OfferedPackage {
    private static final String MAGIC = "!<arch>\n";
    private static final int HEADER = 60;
    private static final int SIZE_AT = 48;
    private static final int SIZE_LENGTH = 10;
    private static final int LONGEST_BEGINNING = 8 << 20;
    private static final int MEMBERS = 2;

    private final LocalPackage file;
    private final long size;
    private final String hash;
    private final byte[] beginning;

    private OfferedPackage(LocalPackage file, long size, String hash, byte[] beginning) {
        this.file = file;
        this.size = size;
        this.hash = hash;
        this.beginning = beginning;
    }

    /**
     * What a node is told of it: number, size, hash, name and where it waits there.
     *
     * @param number which one it is among those that are offered
     */
    String line(int number) {
        return number + " " + size + " " + hash + " " + file.name() + " " + place(number);
    }

    /** The file's name on a node. Of Debian packages apt is told the numbers alone. */
    String place(int number) {
        return isDebian() ? number + ".deb" : file.fileName();
    }

    boolean isDebian() {
        return file.managers().contains(PackageManager.APT);
    }

    /** The file. */
    LocalPackage file() {
        return file;
    }

    /** How many bytes it has. */
    long size() {
        return size;
    }

    /** Its SHA-256, in hexadecimal. */
    String hash() {
        return hash;
    }

    /** Of a Debian package the part before its files, in which it describes itself; otherwise empty. */
    byte[] beginning() {
        return beginning;
    }

    static OfferedPackage read(LocalPackage file) throws SciabcException {
        Path path = file.file();
        try {
            byte[] beginning = path.toString().endsWith(".deb") ? beginning(path) : new byte[0];
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long size;
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                size = in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return new OfferedPackage(file, size, HexFormat.of().formatHex(digest.digest()), beginning);
        } catch (IOException damaged) {
            throw new SciabcException(
                    "cannot use the package file " + Untrusted.line(path.toString(), 300),
                    "it is damaged or cannot be read",
                    "fetch it again",
                    damaged);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The first two members of the archive (deb(5)): its version, and what dpkg-deb tells of it. */
    private static byte[] beginning(Path path) throws IOException {
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            byte[] magic = in.readNBytes(MAGIC.length());
            if (!new String(magic, StandardCharsets.US_ASCII).equals(MAGIC)) {
                throw new IOException("not an archive");
            }
            beginning.writeBytes(magic);
            for (int member = 0; member < MEMBERS; member++) {
                byte[] header = in.readNBytes(HEADER);
                if (header.length < HEADER) {
                    throw new IOException("too short");
                }
                beginning.writeBytes(header);
                int length = length(header);
                byte[] content = in.readNBytes(length + (length & 1));
                if (content.length < length) {
                    throw new IOException("too short");
                }
                beginning.writeBytes(content);
            }
        }
        return beginning.toByteArray();
    }

    private static int length(byte[] header) throws IOException {
        String text = new String(header, SIZE_AT, SIZE_LENGTH, StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > LONGEST_BEGINNING) {
            throw new IOException("not an archive");
        }
        return Integer.parseInt(text);
    }
}
