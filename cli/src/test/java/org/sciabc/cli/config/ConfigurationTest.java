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
import org.sciabc.spi.Subnet;

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
                "network = 'home' | line 1, column 1: 'network' is a table, as in [network]",
                "[network] \\n cidr = '10.0.0.0/8' | line 2, column 2: 'cidr' is not a network profile",
                "[network.'a b'] | 'a b': its name has at most 32 letters",
                "[network.none] | line 1, column 1: a network profile cannot be called 'none'",
                "[network.a] \\n cird = '10.0.0.0/8' | line 2, column 2: unknown key 'cird'; did you mean 'cidr'?",
                "[network.a] \\n cidr = '10.0.0.0' | line 2, column 2: '10.0.0.0' is not a network such as 10.0.3.0/24",
                "[network.a] \\n cidr = ['10.0.0.0/33'] | '10.0.0.0/33' is not a network",
                "[network.a] \\n cidr = [] | line 2, column 2: 'cidr' is empty",
                "[network.a] \\n gateway = 'router' | line 2, column 2: 'router' is not the address of a gateway",
                "[network.a] \\n wifi = '' | line 2, column 2: 'wifi' is empty",
                "[network.a] \\n cluster = '../x' | line 2, column 2: a cluster cannot be called '../x'",
                "[network.a] \\n settings = 1 | line 2, column 2: 'settings' is a table, as in [settings]",
            })
    void whatMakesNoSenseIsNamedWithFileLineAndColumn(String content, String message) throws IOException {
        write(content.replace("\\n", "\n"));

        CliFailure failure = catchThrowableOfType(CliFailure.class, () -> Configuration.read(folders()));

        assertThat(failure).hasMessageContaining("config.toml").hasMessageContaining(message);
        assertThat(failure.status()).isEqualTo(78);
    }

    @Test
    void aNetworkProfileHoldsInPlaceOfWhatIsSaidElsewhere() throws CliFailure, IOException {
        write("""
                cluster = "default"
                discovery = ["zeroconf"]
                interfaces = "eth0"
                user = "pi"
                [settings.zeroconf]
                through = "avahi"
                [network.lab]
                cidr = ["10.0.3.0/24", "fd00::/8"]
                gateway = ["10.0.3.1", "DC-A6-32-01-02-03"]
                wifi = "Lab"
                cluster = "lab"
                discovery = ["jgroups", "sweep"]
                interfaces = ["wlan0"]
                [network.lab.settings.zeroconf]
                through = "library"
                [network.lab.settings.jgroups]
                port = 7800
                """);
        Configuration read = Configuration.read(folders());
        NetworkProfile lab = read.networks().get(0);

        Configuration there = read.on(lab);

        assertThat(lab.place()).endsWith("config.toml, line 7, column 1");
        assertThat(lab.when().cidrs()).map(Subnet::toString).containsExactly("10.0.3.0/24", "fd00:0:0:0:0:0:0:0/8");
        assertThat(lab.when().gateways()).map(GatewayName::text).containsExactly("10.0.3.1", "dc:a6:32:01:02:03");
        assertThat(lab.when().wifis()).containsExactly("Lab");
        assertThat(there.cluster()).contains("lab");
        assertThat(there.discovery()).containsExactly("jgroups", "sweep");
        assertThat(there.interfaces()).containsExactly("wlan0");
        assertThat(there.user()).contains("pi");
        assertThat(there.settings().get("zeroconf"))
                .hasEntrySatisfying(
                        "through", through -> assertThat(through.text()).isEqualTo("library"));
        assertThat(there.settings().get("jgroups"))
                .hasEntrySatisfying("port", port -> assertThat(port.place()).endsWith("line 17, column 1"));
    }

    @Test
    void whatANetworkProfileLeavesOutHoldsAsItIsSaidElsewhere() throws CliFailure, IOException {
        write("discovery = ['static']\ninterfaces = ['eth0']\n[network.lab]\ncidr = '10.0.3.0/24'\n");
        Configuration read = Configuration.read(folders());

        assertThat(read.on(read.networks().get(0))).isEqualTo(read);
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
