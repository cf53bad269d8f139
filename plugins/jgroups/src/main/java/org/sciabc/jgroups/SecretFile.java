// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Untrusted;

/** The file that holds a cluster's secret. */
final class SecretFile {
    /** Whoever records the network may guess for as long as they like. */
    private static final int SHORTEST = 16;

    private static final int LONGEST = 4_096;
    private static final String HINT =
            "make one with: (umask 077; head -c 32 /dev/urandom | base64 > FILE), and copy it to every machine";

    private SecretFile() {}

    /**
     * Reads the secret.
     *
     * @throws SciabcException when there is none, when others may read it, or when it is too short
     */
    static Secret read(String name) throws SciabcException {
        try {
            Path file = JgroupsSettings.path(name);
            if (!Files.isRegularFile(file)) {
                throw refused(name, Files.exists(file) ? "it is not a file" : "there is no such file", HINT);
            }
            if (isReadableByAll(file)) {
                throw refused(name, "everybody on this machine may read it", "chmod 600 " + Untrusted.line(name, 200));
            }
            if (Files.size(file) > LONGEST) {
                throw refused(name, "it is longer than a secret", HINT);
            }
            String line = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            if (line.length() < SHORTEST) {
                throw refused(
                        name, "its first line is shorter than " + SHORTEST + " characters, which can be guessed", HINT);
            }
            return Secret.of(line);
        } catch (CharacterCodingException binary) {
            throw refused(name, "its first line is not text", HINT);
        } catch (IOException | InvalidPathException unreadable) {
            throw refused(name, "you may not read it", "run as the account that the file belongs to");
        }
    }

    private static boolean isReadableByAll(Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (UnsupportedOperationException notPosix) {
            return false;
        }
    }

    private static SciabcException refused(String file, String why, String hint) {
        return new SciabcException("cannot use the secret in " + Untrusted.line(file, 200), why, hint);
    }
}
