// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

class JgroupsSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void secretIsTheFirstLineAndIsNeverShown() throws Exception {
        Path file = write("  a secret of some length \nsomething else\n", "rw-------");

        JgroupsSettings settings = parse(Map.of("secret-file", file.toString()));

        assertThat(new String(settings.secret().orElseThrow().characters())).isEqualTo("a secret of some length");
        assertThat(settings.toString()).doesNotContain("a secret");
    }

    @ParameterizedTest
    @CsvSource({
        "short,rw-------,its first line is shorter than 16 characters",
        "'',rw-------,its first line is shorter than 16 characters",
        "a secret of some length,rw-r--r--,everybody on this machine may read it",
        "a secret of some length,rw----rw-,everybody on this machine may read it"
    })
    void badSecretIsRefusedAndNotQuoted(String text, String mode, String why) throws Exception {
        Path file = write(text + "\n", mode);

        assertThatThrownBy(() -> parse(Map.of("secret-file", file.toString())))
                .isInstanceOfSatisfying(SciabcException.class, refusal -> {
                    assertThat(refusal.why()).startsWith(why);
                    assertThat(refusal.hint()).isPresent();
                    assertThat(refusal.why() + refusal.what()).doesNotContain("a secret of some");
                });
    }

    @Test
    void missingSecretFileIsSaid() {
        assertThatThrownBy(
                        () -> parse(Map.of("secret-file", folder.resolve("none").toString())))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> parse(Map.of("secret-file", folder.toString())))
                .hasMessageContaining("it is not a file");
    }

    @ParameterizedTest
    @CsvSource({"port,22", "port,70000", "silence,100ms", "silence,1h"})
    void settingsOutOfRangeAreRefused(String key, String value) {
        assertThatThrownBy(() -> parse(Map.of(key, value)))
                .hasMessageStartingWith("setting 'jgroups." + key + "' is out of range");
    }

    private static JgroupsSettings parse(Map<String, String> given) throws SciabcException {
        return JgroupsSettings.parse(Settings.of(JgroupsSettings.DECLARED, given));
    }

    private Path write(String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
