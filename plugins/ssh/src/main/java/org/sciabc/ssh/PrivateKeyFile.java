// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * What the outside of a file with a private key tells: OpenSSH's own form (PROTOCOL.key of OpenSSH) or PEM (RFC 7468). For
 * who only passes the file on: reading the key itself takes cryptography, which is a tenth of a second of a launch.
 */
final class PrivateKeyFile {
    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final String MAGIC = "openssh-key-v1\0";

    private PrivateKeyFile() {}

    /** Whether there is a key in this file that needs no passphrase. */
    static boolean needsNothingElse(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return text.contains("-----BEGIN " + OPENSSH + "-----")
                    ? isUnencrypted(text)
                    : text.contains("PRIVATE KEY-----") && !text.contains("ENCRYPTED");
        } catch (IOException | IllegalArgumentException | java.nio.BufferUnderflowException unreadable) {
            return false;
        }
    }

    private static boolean isUnencrypted(String text) {
        int begin = text.indexOf(OPENSSH) + OPENSSH.length();
        int end = text.indexOf("-----END", begin);
        if (end < 0) {
            return false;
        }
        ByteBuffer key = ByteBuffer.wrap(Base64.getMimeDecoder()
                .decode(text.substring(begin, end).replace("-", "").getBytes(StandardCharsets.ISO_8859_1)));
        byte[] magic = new byte[MAGIC.length()];
        key.get(magic);
        byte[] cipher = new byte[Math.max(0, Math.min(key.getInt(), key.remaining()))];
        key.get(cipher);
        return new String(magic, StandardCharsets.ISO_8859_1).equals(MAGIC)
                && new String(cipher, StandardCharsets.US_ASCII).equals("none");
    }
}
