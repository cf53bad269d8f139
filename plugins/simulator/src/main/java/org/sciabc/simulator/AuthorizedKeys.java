// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * The keys that may log in to an account, read anew at each login, as sshd does. The options before a key are understood
 * and not enforced: all of them take away what a simulated node does not offer, or belongs to the same person anyway.
 *
 * @param home the account's home folder
 */
record AuthorizedKeys(Path home) {
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    boolean contain(PublicKey key) {
        Path folder = home.resolve(".ssh");
        Path file = folder.resolve("authorized_keys");
        try {
            // sshd_config(5), StrictModes: a list that others may write to is no list.
            if (!Files.isRegularFile(file) || anybodyElseMayWrite(home, folder, file)) {
                return false;
            }
            // Not UTF-8: one wrong byte in a comment must not lock everybody out.
            List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            return lines.stream()
                    .flatMap(line -> parse(line).stream())
                    .anyMatch(known -> KeyUtils.compareKeys(known, key));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean anybodyElseMayWrite(Path... paths) throws IOException {
        for (Path path : paths) {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS_WRITE::contains)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<PublicKey> parse(String line) {
        try {
            return Stream.ofNullable(AuthorizedKeyEntry.parseAuthorizedKeyEntry(line))
                    .findFirst()
                    .flatMap(AuthorizedKeys::resolve);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> resolve(AuthorizedKeyEntry entry) {
        try {
            return Optional.ofNullable(entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException notAKey) {
            return Optional.empty();
        }
    }
}
