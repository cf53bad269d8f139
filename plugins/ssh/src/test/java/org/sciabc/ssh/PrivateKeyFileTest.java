// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"ed25519,", "ecdsa,", "rsa,", "rsa,-m PEM", "rsa,-m PKCS8"})
    void whatSshKeygenMakesNeedsNothingElseUnlessItHasAPassphrase(String type, String form) throws Exception {
        assertThat(PrivateKeyFile.needsNothingElse(made(type, form, ""))).isTrue();
        assertThat(PrivateKeyFile.needsNothingElse(made(type, form, "a secret")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not a key",
                "-----BEGIN OPENSSH PRIVATE KEY-----",
                "-----BEGIN OPENSSH PRIVATE KEY-----\n?\n-----END OPENSSH PRIVATE KEY-----\n",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nYWJj\n-----END OPENSSH PRIVATE KEY-----\n",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== somebody"
            })
    void whatIsNoPrivateKeyIsOfNoUse(String text) throws IOException {
        assertThat(PrivateKeyFile.needsNothingElse(Files.writeString(folder.resolve("key"), text)))
                .isFalse();
    }

    @Test
    void whatIsNotThereIsOfNoUse() {
        assertThat(PrivateKeyFile.needsNothingElse(folder.resolve("missing"))).isFalse();
    }

    private Path made(String type, String form, String passphrase) throws IOException, InterruptedException {
        Path file = Files.createTempFile(folder, "key", "");
        Files.delete(file);
        String command =
                "ssh-keygen -q -t " + type + " " + (form == null ? "" : form) + " -N '" + passphrase + "' -f " + file;
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        return file;
    }
}
