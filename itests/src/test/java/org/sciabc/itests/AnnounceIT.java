// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that announces itself: until it is told to stop, or at every start. */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnnounceIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SCIABC = ManagerContainer.DISTRIBUTION + "/bin/sciabc";
    private static final String UNIT_FILE = "/etc/systemd/system/sciabc-announce.service";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootAMachineWithJava() {
        lab = Lab.ofReadyNodes(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "library"})
    @Order(1)
    void whoIsToldToStopSaysGoodbyeAtOnce(String through) {
        try (RunningCommand announcing = announce("--set", "zeroconf.through=" + through);
                RunningCommand browsing = lab.manager()
                        .start(Command.of("avahi-browse", "-kp", "_sciabc._tcp").within(SOON))) {
            browsing.awaitOutput("+;eth0;IPv4");
            long told = System.nanoTime();
            announcing.signal("TERM");
            browsing.awaitOutput("-;eth0;IPv4");
            Duration goodbye = Duration.ofNanos(System.nanoTime() - told);

            Result result = announcing.await();
            assertThat(result.exitStatus()).isZero();
            assertThat(result.stderr()).contains("saying goodbye");
            // Avahi itself keeps whoever said goodbye for one more second (RFC 6762, section 10.1).
            assertThat(goodbye).as("until avahi-browse saw it").isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    @Order(2)
    void anInterfaceThatComesIsAnnouncedOnToo() {
        NodeContainer node = lab.node(1);
        try (RunningCommand announcing = announce("--set", "zeroconf.through=library")) {
            node.sh("ip link add eth7 type veth peer name eth8 && ip address add 192.0.2.7/24 dev eth7"
                    + " && ip link set eth8 up && ip link set eth7 up");
            announcing.awaitOutput("the network has changed: announced on eth7");
            node.sh("ip link del eth7");
            node.unplug();
            node.plug();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(lab.manager()
                                    .sciabc(
                                            "discover",
                                            "--expect",
                                            "1",
                                            "--for",
                                            "3s",
                                            "--set",
                                            "zeroconf.through=library")
                                    .stdout())
                            .contains("node1"));
            announcing.interrupt();
            assertThat(announcing.await().exitStatus()).isZero();
        }
    }

    @Test
    @Order(3)
    void whoIsNotRootAndMayNotBecomeItIsToldWhatRootHasToRun() {
        Result refused =
                lab.node(1).run(Command.of(SCIABC, "announce", "--install").as("pi"));

        assertThat(refused.exitStatus()).isEqualTo(69);
        assertThat(refused.stderr()).contains("this needs root", "--install --dry-run");
        assertThat(lab.node(1)
                        .run(Command.of(SCIABC, "announce", "--install", "--dry-run")
                                .as("pi"))
                        .succeeded()
                        .stdout())
                .contains(NodeContainer.SERVICE_FILE, "<txt-record>user=pi</txt-record>", "mv -f");
    }

    @Test
    @Order(4)
    void whereAvahiRunsItIsAvahiThatAnnouncesFromNowOn() {
        NodeContainer node = lab.node(1);

        Result installed = asRoot("announce", "--install", "--user", "pi");

        assertThat(installed.stderr()).contains("installed " + NodeContainer.SERVICE_FILE);
        assertThat(lab.manager()
                        .sciabc("discover", "--expect", "1", "--for", "20s")
                        .succeeded()
                        .stdout())
                .contains("node1", "pi", "debian-12");
        assertThat(asRoot("announce", "--install", "--user", "pi").stderr()).contains("installed already");
        assertThat(asRoot("announce", "--uninstall").stderr()).contains("removed " + NodeContainer.SERVICE_FILE);
        assertThat(node.sh("ls /etc/avahi/services")).isEmpty();
        assertThat(asRoot("announce", "--uninstall").stderr()).contains("nothing is installed here");
    }

    @Test
    @Order(5)
    void aFileOfSomebodyElseStaysAsItIs() {
        NodeContainer node = lab.node(1);
        node.announceAs2016();
        String theirs = node.read(NodeContainer.SERVICE_FILE);

        Result refused = node.run(Command.of(SCIABC, "announce", "--install"));

        assertThat(refused.exitStatus()).isEqualTo(78);
        assertThat(refused.stderr()).contains("did not write");
        assertThat(asRoot("announce", "--uninstall").stderr()).contains("left as it is");
        assertThat(node.read(NodeContainer.SERVICE_FILE)).isEqualTo(theirs);
        node.sh("rm " + NodeContainer.SERVICE_FILE);
    }

    @Test
    @Order(6)
    void whereAvahiDoesNotRunAServiceOfSystemdAnnounces() {
        NodeContainer node = lab.node(1);
        node.sh("systemctl stop avahi-daemon.socket avahi-daemon.service");

        // What root runs at every start has to be root's; the distribution is whoever's built it.
        node.sh("cp -r " + ManagerContainer.DISTRIBUTION + " /opt/of-root && chown -R 0:0 /opt/of-root");

        Result installed = node.run(Command.of(
                        "/opt/of-root/bin/sciabc", "announce", "--install", "--user", "pi", "--cluster", "lab"))
                .succeeded();

        assertThat(installed.stderr()).contains("installed " + UNIT_FILE);
        assertThat(node.sh("systemctl is-enabled sciabc-announce")).isEqualTo("enabled\n");
        assertThat(lab.manager()
                        .sciabc("discover", "--cluster", "lab", "--expect", "1", "--for", "20s")
                        .succeeded()
                        .stdout())
                .contains("node1", "pi");
        assertThat(asRoot("announce", "--uninstall").stderr()).contains("removed " + UNIT_FILE);
        assertThat(node.run(Command.of("systemctl", "cat", "sciabc-announce")).exitStatus())
                .isNotZero();
    }

    private static RunningCommand announce(String... more) {
        String[] words = new String[more.length + 2];
        words[0] = SCIABC;
        words[1] = "announce";
        System.arraycopy(more, 0, words, 2, more.length);
        RunningCommand announcing = lab.node(1).start(Command.of(words).as("pi"));
        announcing.awaitOutput("Ctrl-C ends it");
        return announcing;
    }

    private static Result asRoot(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = SCIABC;
        System.arraycopy(words, 0, all, 1, words.length);
        return lab.node(1).run(Command.of(all)).succeeded();
    }
}
