// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What every other integration test takes for granted: the lab behaves as a room full of machines does. */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.Random.class)
class LabIT {

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.ofBareNodes(3);
    }

    @Test
    void everyMachineHasAnInitOfItsOwn() {
        assertThat(lab.nodes())
                .hasSameSizeAs(lab.nodes())
                .allSatisfy(node -> assertThat(
                                node.sh("systemctl is-active ssh avahi-daemon").lines())
                        .containsExactly("active", "active"));
    }

    @Test
    void noTwoMachinesShareAnIdentity() {
        assertThat(lab.nodes().stream()
                        .map(node -> node.read("/etc/machine-id"))
                        .collect(Collectors.toSet()))
                .hasSameSizeAs(lab.nodes())
                .doesNotContain("", "uninitialized\n");
        assertThat(lab.nodes().stream().map(NodeContainer::hostKeyFingerprint).collect(Collectors.toSet()))
                .hasSameSizeAs(lab.nodes())
                .allSatisfy(fingerprint -> assertThat(fingerprint).startsWith("SHA256:"));
    }

    @Test
    void whatAvahiAnnouncesOnOneMachineIsSeenOnAnother() {
        lab.node(1).announceAs2016();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lab.manager()
                                .run(Command.of("avahi-browse", "-rpt", "_sciabc._tcp"))
                                .succeeded()
                                .stdout()
                                .lines())
                        .anySatisfy(line -> assertThat(List.of(line.split(";", -1)))
                                .startsWith("=", "eth0", "IPv4", "SupercomputerInABriefcase\\032on\\032node1")
                                .contains("node1.local", lab.node(1).address(), "34343")));
    }

    @Test
    void aPasswordLetsItsOwnerInAndMakesRootOfHim() {
        Result login = lab.manager()
                .run(Command.of(
                                "sshpass",
                                "-e",
                                "ssh",
                                "-o",
                                "StrictHostKeyChecking=accept-new",
                                NodeContainer.USER + "@" + lab.node(2).address(),
                                "hostname; sudo -S -p '' id -u")
                        .as(ManagerContainer.USER)
                        .with("SSHPASS", NodeContainer.PASSWORD)
                        .reading(NodeContainer.PASSWORD + "\n"))
                .succeeded();

        assertThat(login.stdout()).isEqualTo("node2\n0\n");
    }

    @Test
    void openMpiIsNotThereAndCanBeInstalledWithoutANetwork() {
        NodeContainer node = lab.node(3);
        assertThat(node.run(Command.of("which", "mpirun")).exitStatus()).isNotZero();

        node.detach();
        try {
            node.run(Command.of("apt-get", "-qy", "install", "openmpi-bin", "python3-mpi4py")
                            .with("DEBIAN_FRONTEND", "noninteractive")
                            .within(Duration.ofMinutes(5)))
                    .succeeded();
        } finally {
            node.attach();
        }

        assertThat(node.sh("mpirun --version")).startsWith("mpirun (Open MPI) 4.1");
        assertThat(lab.manager().sh("ping -c 1 -w 5 " + node.address())).contains("1 received");
    }

    @Test
    void aMachineThatLostItsPowerComesBackAsItself() {
        NodeContainer node = lab.add(MachineImage.BARE);
        String fingerprint = node.hostKeyFingerprint();

        node.cutPower();
        assertThat(lab.manager()
                        .run(Command.of("ping", "-c", "1", "-W", "1", node.address()))
                        .exitStatus())
                .isEqualTo(1);
        node.restorePower();

        assertThat(node.hostKeyFingerprint()).isEqualTo(fingerprint);
        assertThat(lab.manager().sh("ping -c 1 -w 5 " + node.address())).contains("1 received");
    }
}
