// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What keeps a job from running on machines that somebody brought, said before it is started: three nodes with Debian 12,
 * one with Debian 13, two networks.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LaunchChecksIT {
    private static final String PROGRAM = "/home/pi/pi";

    @AutoClose
    private static Lab lab;

    private static LabNetwork second;

    @BeforeAll
    static void bootNodesThatDiffer() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY, MachineImage.READY, MachineImage.READY_TRIXIE);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
        old().forEach(node ->
                node.sh("su pi -c 'mpicc -o " + PROGRAM + " " + ManagerContainer.DISTRIBUTION + "/examples/pi.c -lm'"));
        second = LabNetwork.create(lab.networkName() + "-second", Leftovers.labels());
        hostfile("old", old());
        hostfile("all", lab.nodes());
    }

    @AfterAll
    static void removeTheSecondNetwork() {
        lab.close();
        second.close();
    }

    @Test
    @Order(1)
    void aJobThatCanRunRunsWithoutAWord() {
        Result result = launch("old", PROGRAM, "100000").succeeded();

        assertThat(result.stdout()).contains("3.14159265");
        assertThat(result.stderr()).doesNotContain("error:", "warning:", "hint:");
    }

    @Test
    @Order(2)
    void nodesOfTwoReleasesAreRefusedWithTheirGroups() {
        Result result = refused(launch("all", "hostname"));

        assertThat(result.stderr())
                .contains(
                        "node[1-3]: Open MPI 4.1.4, x86_64, debian-12; up to 3 processes",
                        "node4: Open MPI 5.0.7 with PRRTE 3.0.8, x86_64, debian-13; not from this machine",
                        "error: the nodes do not fit together",
                        "--largest-group");
    }

    @Test
    @Order(3)
    void theLargestGroupRunsWhereThatIsWanted() {
        Result result = launch(List.of("--largest-group"), "all", "hostname").succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("node1", "node2", "node3");
    }

    @Test
    @Order(4)
    void nodesOfAnotherReleaseThanTheManagersAreRefused() {
        hostfile("new", List.of(lab.node(4)));

        assertThat(refused(launch("new", "hostname")).stderr())
                .contains("this machine cannot launch there on node4: Open MPI 4.1.4 is here, and Open MPI 5.0.7");
    }

    @Test
    @Order(5)
    void aProgramThatOnlyOneNodeHasIsMissingOnTheOthers() {
        lab.node(1).sh("install -m 755 /bin/true '/home/pi/only é here'");

        assertThat(refused(launch("old", "/home/pi/only é here")).stderr())
                .contains("'/home/pi/only é here' is missing on node[2-3]: it is on node1");
    }

    @Test
    @Order(6)
    void aBinaryForAnotherMachineIsRefused() {
        old().forEach(node ->
                node.sh("printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\267\\0' >/home/pi/arm"
                        + " && chmod 755 /home/pi/arm"));

        assertThat(refused(launch("old", "/home/pi/arm")).stderr())
                .contains("cannot run on node[1-3]: it is built for aarch64, and the machine is x86_64");
    }

    @Test
    @Order(7)
    void aSharedLibraryThatIsMissingIsNamed() {
        linkedWith("libabsent.so", "lacking");
        lab.node(2).sh("rm /usr/local/lib/libabsent.so");

        assertThat(refused(launch("old", "/home/pi/lacking")).stderr())
                .contains("'/home/pi/lacking' lacks shared libraries on node2: libabsent.so not found");
    }

    @Test
    @Order(8)
    void aProgramOfTheOtherFamilyIsRefused() {
        linkedWith("libmpich.so.12", "other");

        assertThat(refused(launch("old", "/home/pi/other")).stderr())
                .contains("the program is built for MPICH", "libmpich.so.12", "rank 0 of 1", "--launcher mpich");
    }

    @Test
    @Order(9)
    void anotherContentOnOneNodeIsShownAndUncheckedItRuns() {
        for (NodeContainer node : old()) {
            node.sh("printf '#!/bin/sh\\necho %s\\n' " + (node.name().equals("node2") ? "old" : "new")
                    + " >/home/pi/version && chmod 755 /home/pi/version");
        }

        assertThat(refused(launch("old", "/home/pi/version")).stderr())
                .contains("has different contents on node[1-3]: checksums node[1,3] ", ", node2 ");
        assertThat(launch(List.of("--no-check"), "old", "/home/pi/version")
                        .succeeded()
                        .stdout()
                        .lines())
                .containsExactlyInAnyOrder("new", "old", "new");
    }

    @Test
    @Order(10)
    void aNodeWithoutOpenMpiIsNamed() {
        lab.node(2).sh("mv /usr/bin/orted /usr/bin/orted.away");
        try {
            assertThat(refused(launch("old", "hostname")).stderr())
                    .contains("Open MPI is missing on node2", "sciabc provision node2");
        } finally {
            lab.node(2).sh("mv /usr/bin/orted.away /usr/bin/orted");
        }
    }

    @Test
    @Order(11)
    void aNodeThatHangsIsNamedAndTheOthersAreNot() {
        lab.node(3).freeze();
        try {
            assertThat(refused(launch("old", "hostname")).stderr()).contains("error: no answer on node3: ");
        } finally {
            lab.node(3).thaw();
        }
    }

    @Test
    @Order(12)
    void aManagerWithoutALauncherIsToldWhatToInstall() {
        Result checked = refused(launch(List.of("--set", "openmpi.mpirun=/nowhere/mpirun"), "old", "hostname"));
        Result unchecked = launch(List.of("--set", "openmpi.mpirun=/nowhere/mpirun", "--no-check"), "old", "hostname");

        assertThat(checked.stderr()).contains("no '/nowhere/mpirun' on this machine", "openmpi-bin");
        assertThat(unchecked.exitStatus()).isEqualTo(69);
        assertThat(unchecked.stderr()).contains("cannot start '/nowhere/mpirun'", "openmpi-bin");
    }

    @Test
    @Order(13)
    void moreProcessesThanSlotsRunOnlyWhenThatIsWanted() {
        Result refused = launch(List.of("-n", "5"), "old", "hostname");

        assertThat(refused.exitStatus()).isEqualTo(69);
        assertThat(refused.stderr()).contains("cannot run 5 processes", "one for each core", "--oversubscribe");
        assertThat(launch(List.of("-n", "5", "--oversubscribe"), "old", "hostname")
                        .succeeded()
                        .stdout()
                        .lines())
                .hasSize(5);
    }

    @Test
    @Order(14)
    void aHostfileThatAPersonEditedIsReadAsOpenMpiReadsIt() {
        String one = "pi@" + lab.node(1).address();
        String two = "pi@" + lab.node(2).address();
        lab.manager()
                .sh("printf '# mine\\n" + one + " slots=1 # first\\n\\n" + two + "\\n" + one
                        + " slots=1\\n' >/tmp/edited");
        lab.manager().sh("printf '" + one + "\\nslots of fun\\n' >/tmp/garbage");

        assertThat(launch("edited", "hostname").succeeded().stdout().lines())
                .containsExactlyInAnyOrder("node1", "node1", "node2");
        assertThat(launch("garbage", "hostname").stderr()).contains("line 2 is 'slots of fun'");
    }

    /** Each list of nodes has its own file: while one launch checks its nodes, another one begins. */
    @Test
    @Order(14)
    void launchesAtTheSameTimeEachRunOnTheirOwnNodes() {
        hostfile("first", lab.nodes().subList(0, 1));
        hostfile("second", lab.nodes().subList(1, 2));
        String launch = ManagerContainer.DISTRIBUTION + "/bin/sciabc launch --hostfile /tmp/";

        for (int round = 0; round < 3; round++) {
            Result both = lab.manager()
                    .run(Command.script("cd ~; " + launch + "first -- hostname >first.out & " + launch
                                    + "second -- hostname >second.out; wait; cat first.out second.out")
                            .as(ManagerContainer.USER)
                            .with("HOME", "/home/" + ManagerContainer.USER));
            assertThat(both.stdout()).isEqualTo("node1\nnode2\n");
        }
    }

    @Test
    @Order(15)
    void accountsAndPortsThatDifferReachMpirunByHandToo() {
        lab.node(2)
                .sh(
                        "useradd --create-home --shell /bin/bash bob && install -d -m 700 -o bob ~bob/.ssh"
                                + " && install -m 600 -o bob ~pi/.ssh/authorized_keys ~bob/.ssh/authorized_keys"
                                + " && printf 'Port 22\\nPort 2222\\n' >/etc/ssh/sshd_config.d/ports.conf && systemctl restart ssh");
        String nodes = "static.nodes=pi@" + lab.node(1).address() + ",bob@"
                + lab.node(2).address() + ":2222";
        lab.manager()
                .sciabc("exec", "--accept-new-host-keys", "--discovery", "static", "--set", nodes, "--", "true")
                .succeeded();
        Result written = lab.manager()
                .sciabc("hostfile", "--discovery", "static", "--set", nodes, "-o", "/tmp/hand")
                .succeeded();

        String typed = written.stderr()
                .lines()
                .filter(line -> line.startsWith("hint: by hand: "))
                .findFirst()
                .orElseThrow()
                .replace("hint: by hand: ", "")
                .replace("PROGRAM", "id -un");
        assertThat(lab.manager()
                        .run(Command.script(typed).as(ManagerContainer.USER))
                        .succeeded()
                        .stdout()
                        .lines())
                .containsExactlyInAnyOrder("pi", "bob");
        assertThat(launch("hand", "id", "-un").succeeded().stdout().lines()).containsExactlyInAnyOrder("pi", "bob");
    }

    @Test
    @Order(16)
    void bridgesOfContainerEnginesAreNoNetworkOfTheJob() {
        everywhere("ip link add docker0 type bridge && ip addr add 172.17.0.1/16 dev docker0"
                + " && ip link set docker0 up");
        Result result = launch(List.of("-v"), "old", PROGRAM, "100000").succeeded();

        assertThat(result.stderr()).contains("; network " + lab.subnet());
        assertThat(result.stdout()).contains("3.14159265");
    }

    @Test
    @Order(17)
    void ofTwoNetworksTheOneThatNodesReachEachOtherByIsUsed() {
        List<Machine> machines = new ArrayList<>(old());
        machines.add(lab.manager());
        for (int place = 0; place < machines.size(); place++) {
            plugIn(machines.get(place), LabNetwork.PLACE_OF_MANAGER + place);
        }
        Result first = launch(List.of("-v"), "old", PROGRAM, "100000").succeeded();
        lab.node(1).sh("ip route add unreachable " + lab.node(2).address());
        Result other = launch(List.of("-v"), "old", PROGRAM, "100000").succeeded();
        lab.node(1).sh("ip link set eth1 down");
        Result none = refused(launch("old", PROGRAM, "100000"));
        lab.node(1).sh("ip route del unreachable " + lab.node(2).address() + " && ip link set eth1 up");
        Result named = launch(List.of("-v", "--interface", second.subnet()), "old", PROGRAM, "100000")
                .succeeded();

        assertThat(first.stderr()).contains("; network " + lab.subnet());
        assertThat(other.stderr()).contains("; network " + second.subnet());
        assertThat(other.stdout()).contains("3.14159265");
        assertThat(none.stderr())
                .contains("nodes cannot connect to each other on ", "no connection from node1 to node2");
        assertThat(named.stderr()).contains("; network " + second.subnet());
    }

    @Test
    @Order(18)
    void aFirewallThatLetsOnlySshThroughIsNamed() {
        NodeContainer walled = lab.add(MachineImage.TOOLS);
        String keys = lab.node(1).read("/home/pi/.ssh/authorized_keys");
        walled.sh("install -d -m 700 -o pi -g pi ~pi/.ssh");
        walled.write("/home/pi/.ssh/authorized_keys", keys);
        hostfile("walled", List.of(lab.node(1), walled));
        List<String> options = List.of("--accept-new-host-keys", "--interface", lab.subnet());
        walled.sh("iptables -A INPUT -p tcp --syn ! --dport 22 -j DROP");

        assertThat(refused(launch(options, "walled", "hostname")).stderr())
                .contains("error: a firewall is in the way on " + walled.address() + ": no connection from ");
        walled.sh("iptables -F INPUT");
        assertThat(launch(options, "walled", "hostname").succeeded().stdout().lines())
                .containsExactlyInAnyOrder("node1", "node5");
    }

    @Test
    @Order(19)
    void aNodeWithoutRoomForTemporaryFilesIsNamedBesideWhatTheLauncherSays() {
        lab.node(2).sh("mount -t tmpfs -o size=4k none /tmp && ! head -c 5000 /dev/zero >/tmp/full");

        assertThat(launch("old", "hostname").stderr())
                .contains("warning: no temporary file can be written on node2: in /tmp", "'df -h'");
        lab.node(2).sh("umount /tmp");
    }

    private static List<NodeContainer> old() {
        return lab.nodes().subList(0, 3);
    }

    private static void everywhere(String script) {
        old().forEach(node -> node.sh(script));
        lab.manager().sh(script);
    }

    private static void plugIn(Machine machine, int place) {
        machine.plugInto(second, second.address(place));
    }

    /** A program that needs this library, and the library, on the nodes with Debian 12. */
    private static void linkedWith(String library, String program) {
        old().forEach(node -> node.sh("cd /home/pi && echo 'int f(void){return 0;}' >f.c"
                + " && echo 'int f(void); int main(void){return f();}' >m.c && gcc -shared -fPIC -Wl,-soname," + library
                + " -o /usr/local/lib/" + library + " f.c && gcc -o " + program + " m.c /usr/local/lib/" + library
                + " && ldconfig"));
    }

    private static void hostfile(String name, List<NodeContainer> nodes) {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> text.append("pi@").append(node.address()).append(" slots=1\\n"));
        lab.manager().sh("printf '" + text + "' >/tmp/" + name);
    }

    private static Result refused(Result result) {
        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(75);
        assertThat(result.stdout()).isEmpty();
        return result;
    }

    private static Result launch(String hostfile, String... program) {
        return launch(List.of(), hostfile, program);
    }

    private static Result launch(List<String> options, String hostfile, String... program) {
        List<String> words = new ArrayList<>(List.of("launch", "--hostfile", "/tmp/" + hostfile));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(program));
        return lab.manager().sciabc(words.toArray(String[]::new));
    }
}
