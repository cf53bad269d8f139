// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Finding the nodes that announce themselves, whichever way they do it. */
@RequiresContainerEngine
class DiscoverIT {

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.of(MachineImage.BARE, MachineImage.BARE, MachineImage.READY);
        lab.node(1).announceAs2016();
        lab.node(2).announceAs2016();
    }

    @Test
    void nodesOf2016AreFoundAndWhatTheyDoNotSayIsAbsent() throws JsonParserException {
        JsonObject found = discover("--expect", "2");

        assertThat(found.getString("cluster")).isEqualTo("default");
        JsonObject node = node(found, lab.node(1));
        assertThat(node.getString("name")).isEqualTo("node1");
        assertThat(node.getInt("port")).isEqualTo(22);
        assertThat(node.getString("state")).isEqualTo("alive");
        assertThat(node.getArray("seenBy")).containsExactly("zeroconf");
        assertThat(node).containsKey("lastSeen").doesNotContainKeys("id", "user", "cores", "memoryBytes", "arch", "os");
    }

    @Test
    void aMachineThatAnnouncesItselfIsFoundWithAllThatItSays() throws JsonParserException {
        NodeContainer third = lab.node(3);
        Command announce = Command.of(ManagerContainer.DISTRIBUTION + "/bin/sciabc", "announce", "--user", "pi");
        try (RunningCommand announcing = third.start(announce.as("pi"))) {
            announcing.awaitOutput("Ctrl-C ends it");

            JsonObject node = node(discover("--expect", "3", "--for", "20s"), third);

            assertThat(node.getString("name")).isEqualTo("node3");
            assertThat(node.getString("user")).isEqualTo("pi");
            assertThat(node.getString("os")).isEqualTo("debian-12");
            assertThat(node.getInt("cores")).isPositive();
            assertThat(node.getLong("memoryBytes")).isGreaterThan(1L << 20);
            assertThat(node.getString("id")).matches("[0-9a-f-]{36}");
            announcing.interrupt();
            assertThat(announcing.await().exitStatus()).isZero();
        }
    }

    @Test
    void whatARogueAnnouncesReachesNobodysTerminal() {
        lab.node(2).write("/etc/avahi/services/rogue.service", """
                <?xml version="1.0" standalone='no'?>
                <!DOCTYPE service-group SYSTEM "avahi-service.dtd">
                <service-group>
                  <name>SupercomputerInABriefcase on evil;rm -rf $HOME</name>
                  <service>
                    <type>_sciabc._tcp</type>
                    <port>34343</port>
                    <txt-record>user=root;reboot</txt-record>
                    <txt-record value-format="binary-hex">6f733d1b5b324a1b5d303b6f776e656407</txt-record>
                    <txt-record>cores=99999999999999999999</txt-record>
                    <txt-record>id=../../etc/passwd</txt-record>
                  </service>
                </service-group>
                """);
        try {
            lab.manager().sh("until avahi-browse -pt _sciabc._tcp | grep -q evil; do sleep 0.2; done");
            Result result =
                    lab.manager().sciabc("discover", "--for", "3s", "--verbose").succeeded();

            assertThat(result.stdout() + result.stderr())
                    .doesNotContain("\u001b", "\u0007", "reboot", "passwd", "99999999999999999999");
            assertThat(result.stdout()).contains("node1", "node2").doesNotContain(";", "$HOME");
        } finally {
            lab.node(2).sh("rm /etc/avahi/services/rogue.service");
        }
    }

    @Test
    void nobodyThereIsSaidTogetherWithWhatWasTried() {
        Result result = lab.manager().sciabc("discover", "--for", "1s", "--cluster", "elsewhere", "--expect", "7");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("of 7 found in 1s", "zeroconf", "eth0", "hint:");
    }

    @Test
    void anInterfaceThatIsNotThereIsNamedTogetherWithThoseThatAre() {
        Result result = lab.manager().sciabc("discover", "--interface", "eth7");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("eth7", "eth0");
    }

    @Test
    void enoughNodesEndTheSearchEarly() {
        Result result = lab.manager()
                .sciabc("discover", "--expect", "2", "--for", "60s")
                .succeeded();

        assertThat(result.duration()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void knownNodesAreUsedAlthoughNothingIsHeardOfThem() {
        lab.manager().sciabc("discover", "--expect", "2", "--for", "60s").succeeded();
        lab.node(1).sh("systemctl stop avahi-daemon.socket avahi-daemon");
        lab.node(2).sh("systemctl stop avahi-daemon.socket avahi-daemon");
        try {
            Result usual = lab.manager().sciabc("hostfile").succeeded();
            assertThat(usual.stdout())
                    .contains(lab.node(1).address() + " ", lab.node(2).address() + " ");

            Result heardOut = lab.manager().sciabc("discover", "--for", "1s");
            assertThat(heardOut.exitStatus()).isEqualTo(69);
            assertThat(heardOut.stderr()).contains("node[1-2] are known and answer, but were not seen in 1s");

            Result afresh = lab.manager().sciabc("hostfile", "--fresh", "--for", "1s");
            assertThat(afresh.exitStatus()).isEqualTo(69);

            Result elsewhere =
                    lab.manager().sciabc("hostfile", "--discovery", "static", "--set", "static.nodes=192.0.2.7");
            assertThat(elsewhere.succeeded().stdout())
                    .contains("192.0.2.7")
                    .doesNotContain(lab.node(1).address());
        } finally {
            lab.node(1).sh("systemctl start avahi-daemon");
            lab.node(2).sh("systemctl start avahi-daemon");
        }
    }

    @Test
    void aKnownNodeThatDoesNotAnswerIsSaidAndNotWaitedForAgain() {
        lab.manager().sciabc("discover", "--expect", "2", "--for", "60s").succeeded();
        lab.node(2).unplug();
        try {
            // This machine's Avahi remembers who was there; the library asks.
            Result first = lab.manager()
                    .sciabc("hostfile", "--set", "zeroconf.through=library")
                    .succeeded();
            assertThat(first.stdout())
                    .contains(lab.node(1).address())
                    .doesNotContain(lab.node(2).address() + " ");
            assertThat(first.stderr()).contains("node2 is known, and does not answer");

            Result second = lab.manager()
                    .sciabc("hostfile", "--set", "zeroconf.through=library")
                    .succeeded();
            assertThat(second.stdout()).contains(lab.node(1).address());
            assertThat(second.stderr()).doesNotContain("node2");
            assertThat(second.duration()).isLessThan(first.duration());
        } finally {
            lab.node(2).plug();
        }
    }

    @Test
    void nodesAreFoundWithoutABusAndWhoInsistsOnAvahiIsToldWhy() {
        ManagerContainer manager = lab.manager();
        String nowhere = "unix:path=/run/no-bus-here";

        Result usual = manager.run(manager.command("discover", "--fresh", "--expect", "2", "--for", "20s", "-v")
                .with("DBUS_SYSTEM_BUS_ADDRESS", nowhere));
        assertThat(usual.succeeded().stdout()).contains("node1", "node2");

        Result insisting = manager.run(manager.command("discover", "--fresh", "--set", "zeroconf.through=avahi")
                .with("DBUS_SYSTEM_BUS_ADDRESS", nowhere));
        assertThat(insisting.exitStatus()).isEqualTo(69);
        assertThat(insisting.stderr())
                .contains("cannot look for nodes through Avahi", "leave out zeroconf.through=avahi")
                .doesNotContain("Exception");
    }

    @Test
    void lookingOnlyAtWhatIsKnownAndAsIfNothingWereIsRefused() {
        Result result = lab.manager().sciabc("discover", "--known", "--fresh");

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("--known and --fresh are opposites");
    }

    @Test
    void sweepFindsWhateverRunsAnSshServer() throws JsonParserException {
        JsonObject found = discover("--discovery", "sweep", "--yes", "--for", "30s");

        for (NodeContainer node : lab.nodes()) {
            assertThat(node(found, node).getArray("seenBy")).containsExactly("sweep");
        }
    }

    @Test
    void sweepThatNobodyAgreedToIsRefusedWithTheSettingThatAgrees() {
        Result result = lab.manager().sciabc("discover", "--discovery", "sweep");

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("there is no terminal to ask on", "--set sweep.networks=" + lab.subnet());
    }

    @Test
    void listedAndAnnouncedNodesAreOne() throws JsonParserException {
        String listed = "pi@" + lab.node(1).address() + "," + lab.node(3).address();

        JsonObject found = discover("--discovery", "zeroconf,static", "--set", "static.nodes=" + listed, "--for", "4s");

        JsonObject both = node(found, lab.node(1));
        assertThat(both.getArray("seenBy")).containsExactlyInAnyOrder("zeroconf", "static");
        assertThat(both.getString("name")).isEqualTo("node1");
        assertThat(both.getString("user")).isEqualTo("pi");
        assertThat(node(found, lab.node(3)).getArray("seenBy")).containsExactly("static");
    }

    private static JsonObject discover(String... more) throws JsonParserException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "discover";
        arguments[1] = "--json";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return JsonParser.object()
                .from(lab.manager().sciabc(arguments).succeeded().stdout());
    }

    private static JsonObject node(JsonObject found, NodeContainer wanted) {
        return found.getArray("nodes").stream()
                .map(JsonObject.class::cast)
                .filter(node -> node.getArray("addresses").contains(wanted.address()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(wanted + " is not in " + found));
    }
}
