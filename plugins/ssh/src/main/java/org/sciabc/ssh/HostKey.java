// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;

/**
 * A public host key.
 *
 * @param type as in a file of known hosts, such as {@code ssh-ed25519}
 * @param base64 the key in the form of RFC 4253, in base64
 */
record HostKey(String type, String base64) {

    static HostKey of(PublicKey key) {
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        return new HostKey(KeyType.fromKey(key).toString(), Base64.getEncoder().encodeToString(blob));
    }

    /** Reads a key; empty when the text is not one, or does not hold a key of the type that it claims. */
    static Optional<HostKey> parse(String type, String base64) {
        try {
            ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
            byte[] name = new byte[Math.min(blob.remaining() - 4, Math.max(0, blob.getInt()))];
            blob.get(name);
            return new String(name, StandardCharsets.US_ASCII).equals(type)
                    ? Optional.of(new HostKey(type, base64))
                    : Optional.empty();
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException | NegativeArraySizeException malformed) {
            return Optional.empty();
        }
    }

    /** The SHA-256 fingerprint as OpenSSH prints it: {@code SHA256:...}. */
    String sha256() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Type and fingerprint, such as {@code ED25519 SHA256:...}. */
    String fingerprint() {
        String kind = type.startsWith("ecdsa-")
                ? "ECDSA"
                : type.replaceFirst("^ssh-", "").toUpperCase(Locale.ROOT);
        return kind + " " + sha256();
    }

    /** The names by which this type is asked for in a key exchange: RSA keys sign in several ways, of which one is SHA-1. */
    List<String> algorithms() {
        return type.equals("ssh-rsa") ? List.of("rsa-sha2-512", "rsa-sha2-256") : List.of(type);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostKey that && type.equals(that.type) && base64.equals(that.base64);
    }

    @Override
    public int hashCode() {
        return base64.hashCode();
    }
}
