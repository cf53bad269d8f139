// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

class ThisMachineTest {
    private static final NodeId ID = new NodeId("0123456789abcdef");

    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void furnish() throws IOException {
        write("proc/sys/kernel/hostname", "desk7.example.org\n");
        write("proc/meminfo", "MemTotal:        1000 kB\nMemFree: 5 kB\n");
        write("etc/os-release", "NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n");
    }

    @Test
    void whatTheMachineSaysOfItselfIsTold() {
        Node self = new ThisMachine(root).describe(ID, "lab", "pi", 2222);

        assertThat(self.name()).isEqualTo("desk7");
        assertThat(self.hardware().memoryBytes()).hasValue(1_024_000);
        assertThat(self.hardware().os()).contains("debian-12");
        assertThat(self.user()).contains("pi");
        assertThat(self.port()).isEqualTo(2222);
        assertThat(self.cluster()).contains("lab");
    }

    @Test
    void theFingerprintIsTheOneThatSshShows() throws IOException {
        write(
                "etc/ssh/ssh_host_ed25519_key.pub",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS root@desk7\n");

        Node self = new ThisMachine(root).describe(ID, "lab", "pi", 22);

        assertThat(self.hostKey()).contains("SHA256:qH8baHrA5X0qCBovKCZyM02Q7TFtK4GMqVgOo4TZJAE");
    }

    @Test
    void whatCannotBeFoundOutIsLeftOut() throws IOException {
        Files.delete(root.resolve("proc/meminfo"));
        write("etc/ssh/ssh_host_ed25519_key.pub", "nonsense\n");

        Node self = new ThisMachine(root).describe(ID, "lab", "pi", 22);

        assertThat(self.hardware().memoryBytes()).isEmpty();
        assertThat(self.hostKey()).isEmpty();
    }

    @Test
    void anIdThatProvisioningGaveIsKept() throws IOException {
        assertThat(new ThisMachine(root).provisionedId()).isEmpty();
        write("var/lib/sciabc/id", ID + "\n");

        assertThat(new ThisMachine(root).provisionedId()).contains(ID);
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
