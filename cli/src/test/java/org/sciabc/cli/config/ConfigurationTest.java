// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.cli.CliFailure;

class ConfigurationTest {
    @TempDir
    private Path home = Path.of("");

    @Test
    void withoutAFileNothingIsConfigured() throws CliFailure {
        assertThat(Configuration.read(folders())).isEqualTo(Configuration.EMPTY);
    }

    @Test
    void aFileThatWasNamedHasToExist() {
        Folders named = Folders.of(Map.of(), Optional.of(home.resolve("absent.toml")));

        CliFailure failure = catchThrowableOfType(CliFailure.class, () -> Configuration.read(named));

        assertThat(failure).hasMessageContaining("absent.toml").hasMessageContaining("there is no such file");
        assertThat(failure.status()).isEqualTo(78);
    }

    @Test
    void everyKeyIsRead() throws CliFailure, IOException {
        write("""
                cluster = "lab"
                discovery = ["zeroconf", "simulator"]
                provisioner = "ssh"
                launcher = "openmpi"
                user = "pi"
                slots = 4
                interfaces = "eth0"
                [users]
                desk7 = "alice"
                [settings.simulator]
                nodes = 3
                silent = ["node1", "node2"]
                """);

        Configuration read = Configuration.read(folders());

        assertThat(read.cluster()).contains("lab");
        assertThat(read.discovery()).containsExactly("zeroconf", "simulator");
        assertThat(read.provisioner()).contains("ssh");
        assertThat(read.launcher()).contains("openmpi");
        assertThat(read.user()).contains("pi");
        assertThat(read.slots()).hasValue(4);
        assertThat(read.interfaces()).containsExactly("eth0");
        assertThat(read.users()).containsEntry("desk7", "alice");
        assertThat(read.settings().get("simulator"))
                .hasEntrySatisfying("nodes", nodes -> {
                    assertThat(nodes.text()).isEqualTo("3");
                    assertThat(nodes.place()).endsWith("config.toml, line 11, column 1");
                })
                .hasEntrySatisfying(
                        "silent", silent -> assertThat(silent.text()).isEqualTo("node1,node2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster = | line 1, column",
                "clustre = 'x' | line 1, column 1: unknown key 'clustre'; did you mean 'cluster'?",
                "cluster = 3 | line 1, column 1: 'cluster' takes a text in quotes",
                "slots = 0 | line 1, column 1: 'slots' takes a whole number",
                "discovery = [1] | 'discovery' takes texts in quotes",
                "users = 'pi' | 'users' is a table, as in [users]",
                "[users] \\n n1 = 'a b' | line 2, column 2: 'a b' is not a user's name",
            })
    void whatMakesNoSenseIsNamedWithFileLineAndColumn(String content, String message) throws IOException {
        write(content.replace("\\n", "\n"));

        CliFailure failure = catchThrowableOfType(CliFailure.class, () -> Configuration.read(folders()));

        assertThat(failure).hasMessageContaining("config.toml").hasMessageContaining(message);
        assertThat(failure.status()).isEqualTo(78);
    }

    @Test
    void whatIsNotTextIsSaidToBeSo() throws IOException {
        Files.write(home.resolve("config.toml"), new byte[] {(byte) 0xC3, (byte) 0x28});

        CliFailure failure = catchThrowableOfType(CliFailure.class, () -> Configuration.read(folders()));

        assertThat(failure).hasMessageContaining("it is not UTF-8 text");
    }

    @Test
    void aClustersFolderIsPrivate() throws CliFailure, IOException {
        Path folder = folders().cluster("lab");

        assertThat(Files.getPosixFilePermissions(folder))
                .hasSize(3)
                .allSatisfy(permission -> assertThat(permission.name()).startsWith("OWNER_"));
        assertThat(folders().cluster("lab")).isEqualTo(folder);
    }

    private Folders folders() {
        return Folders.of(Map.of("SCIABC_HOME", home.toString()), Optional.empty());
    }

    private void write(String content) throws IOException {
        Files.writeString(home.resolve("config.toml"), content);
    }
}
