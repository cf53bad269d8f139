// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One line of a file of known hosts, as sshd(8) describes it: names, or one hashed name, and a key. Patterns are not
 * understood, and lines with a marker ({@code @cert-authority}, {@code @revoked}) are not lines of this kind.
 *
 * @param names the names as they are written
 * @param key the key
 */
record KnownHostsLine(List<String> names, HostKey key) {

    static Optional<KnownHostsLine> parse(String line) {
        String[] fields = line.strip().split("\\s+", 4);
        if (fields.length < 3 || fields[0].startsWith("#") || fields[0].startsWith("@")) {
            return Optional.empty();
        }
        Optional<HostKey> key = HostKey.parse(fields[1], fields[2]);
        return key.isPresent()
                ? Optional.of(new KnownHostsLine(List.of(fields[0].split(",", -1)), key.get()))
                : Optional.empty();
    }

    /** Whether it is about one of these names. */
    boolean isAbout(Collection<String> wanted) {
        for (String name : names) {
            if (name.startsWith("|1|") ? isHashOf(name, wanted) : isOneOf(name, wanted)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(",", names) + " " + key.type() + " " + key.base64();
    }

    private static boolean isOneOf(String name, Collection<String> wanted) {
        for (String other : wanted) {
            if (name.equalsIgnoreCase(other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHashOf(String hashed, Collection<String> wanted) {
        String[] parts = hashed.split("\\|", -1);
        if (parts.length != 4) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            byte[] hash = Base64.getDecoder().decode(parts[3]);
            return wanted.stream()
                    .map(name -> name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))
                    .anyMatch(name -> MessageDigest.isEqual(hash, mac.doFinal(name)));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }
}
