// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A workshop on a bare switch: no mirror, an account of its own on each node, membership of a group, and nothing left in the
 * end although a node has lost its journal. The tests are the acts of one story.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProvisionIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String SECRET = "correct horse battery staple";
    private static final String GROUP = "jgroups.secret-file=/home/teacher/group.secret";

    @AutoClose
    private static Lab lab;

    private static final List<String> BEFORE = new ArrayList<>();

    /** The second node has Java already, the first lacks everything and every way to get it. */
    @BeforeAll
    static void bootMachinesWithoutAMirror() {
        lab = Lab.of(MachineImage.BARE, MachineImage.READY);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.manager()
                .run(Command.script("""
                        mkdir -p /tmp/debs/bookworm/amd64 /tmp/debs/trixie && cd /tmp/debs
                        sshpass -p raspberry ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null pi@%s \\
                            tar -C /var/cache/apt/archives --exclude=partial --exclude=lock -c . | tar -C bookworm/amd64 -x
                        echo 'not for this node' >trixie/openmpi-bin_9_amd64.deb
                        chmod -R a+rX /tmp/debs
                        (umask 077; echo '%s' >/home/teacher/group.secret) && chown teacher: /home/teacher/group.secret
                        """.formatted(lab.node(1).address(), SECRET)))
                .succeeded();
        lab.node(1).sh("rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /home/pi/.cache");
        lab.nodes().forEach(node -> BEFORE.add(node.sh(RestoreIT.SNAPSHOT)));
    }

    @Test
    @Order(1)
    void thePlanNamesTheAccountAndTheFilesAndChangesNothing() {
        Result result = asPi("plan", "--create-user", "mpi", "--packages-from", "/tmp/debs", "--accept-new-host-keys");

        assertThat(result.succeeded().stdout())
                .contains("create the account mpi", "from files of the manager's", "as pi (from the command line)");
        assertThat(lab.node(1).run(Command.of("id", "mpi")).exitStatus()).isNotZero();
    }

    @Test
    @Order(2)
    void eachNodeMayHaveAPasswordOfItsOwn() {
        String[] words = {"plan", "--user", "pi", "--ask-password-per-node", "--expect", "2", "--for", "20s"};
        try (RunningCommand planning =
                lab.manager().start(lab.manager().command(words).onTerminal())) {
            planning.awaitOutput("Password of pi on node1");
            planning.type("raspberry\n");
            planning.awaitOutput("Password of pi on node2");
            planning.type("raspberry\n");
            assertThat(planning.await().exitStatus()).isZero();
        }
        assertThat(lab.manager().sciabc(words).exitStatus()).isEqualTo(64);
    }

    @Test
    @Order(3)
    void withoutAMirrorPackagesComeFromTheManager() {
        Result result = asPi("provision", "--create-user", "mpi", "--packages-from", "/tmp/debs", "--yes");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(lab.node(1).sh("mpirun --version")).contains("Open MPI");
        assertThat(lab.node(1).sh("ls /var/tmp | grep sciabc || true")).isEmpty();
        assertThat(lab.node(1).sh("id -u mpi")).isEqualTo(lab.node(2).sh("id -u mpi"));
        assertThat(lab.node(1).sh("getent shadow mpi")).startsWith("mpi:*:");
    }

    @Test
    @Order(4)
    void fromThenOnTheNodesAreUsedWithThatAccount() {
        Result result = lab.manager()
                .sciabc("launch", "--expect", "2", "--for", "20s", "--slots", "1", "--", "id", "-un")
                .succeeded();
        assertThat(result.stdout()).isEqualTo("mpi\nmpi\n");
        assertThat(lab.manager().sciabc("plan", "--expect", "2", "--for", "20s").stdout())
                .contains("as mpi (remembered)");
    }

    @Test
    @Order(5)
    void aSecondRunFindsNothingToDo() {
        assertThat(asPi("provision", "--create-user", "mpi", "--packages-from", "/tmp/debs")
                        .succeeded()
                        .stderr())
                .contains("node[1-2]: ready, nothing to do");
    }

    @Test
    @Order(6)
    void aNodeBecomesAMemberOfAGroupAndStaysOneWhenItBootsAgain() {
        Result result = asPi("provision", "node2", "--discovery", "zeroconf,jgroups", "--set", GROUP, "--yes", "-v");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(result.stdout() + result.stderr()).doesNotContain(SECRET);
        assertThat(discoverGroup().stdout()).contains("node2");
        NodeContainer node = lab.node(2);
        assertThat(node.sh("stat -c '%a %U' /etc/sciabc/default.secret")).isEqualTo("600 pi\n");

        node.cutPower();
        node.restorePower();

        assertThat(discoverGroup().stdout()).contains("node2");
        assertThat(throughTheGroup("launch", "--slots", "1", "--", "hostname").stdout())
                .as("the job of before, with one setting changed")
                .isEqualTo("node2\n");
    }

    @Test
    @Order(7)
    void nodesReachEachOtherWhenThatIsWanted() {
        Result result = asPi("provision", "--create-user", "mpi", "--mutual", "--yes");

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(result.stdout() + result.stderr()).doesNotContain("PRIVATE KEY");
        Command across = Command.of("ssh", "-F", "/home/mpi/.ssh/sciabc-default.config", "node2", "hostname");
        assertThat(lab.node(1).run(across.as("mpi")).succeeded().stdout()).isEqualTo("node2\n");
        assertThat(lab.node(1).sh("stat -c %a /home/mpi/.ssh/sciabc-default")).isEqualTo("600\n");
        assertThat(lab.node(1).sh("grep -c '^from=' /home/mpi/.ssh/authorized_keys"))
                .isEqualTo("1\n");
    }

    @Test
    @Order(8)
    void everythingGoesAgainEvenWhereTheJournalIsLost() {
        lab.node(1).sh("rm -rf /var/lib/sciabc");

        // The first node is used as mpi, which may not become root there: pi made it ready, and undoes it.
        Result result = withPassword("restore", "all", "--yes");

        assertThat(result.exitStatus()).as(result.stdout() + result.stderr()).isZero();
        assertThat(result.stdout()).contains("from the manager's copy", "nothing differs");
        for (NodeContainer node : lab.nodes()) {
            List<String> now =
                    new ArrayList<>(node.sh(RestoreIT.SNAPSHOT).lines().toList());
            List<String> then = BEFORE.get(lab.nodes().indexOf(node)).lines().toList();
            List<String> missing =
                    then.stream().filter(line -> !now.contains(line)).toList();
            now.removeAll(then);
            assertThat(missing).as("what is no longer there on " + node).isEmpty();
            assertThat(now).as("what was left on " + node).isEmpty();
        }
    }

    private static Result discoverGroup() {
        return throughTheGroup("discover");
    }

    private static Result throughTheGroup(String verb, String... more) {
        List<String> words = new ArrayList<>(
                List.of(verb, "--discovery", "jgroups", "--set", GROUP, "--expect", "1", "--for", "30s"));
        words.addAll(List.of(more));
        return lab.manager().sciabc(words.toArray(String[]::new)).succeeded();
    }

    private static Result asPi(String verb, String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--user", "pi"));
        return withPassword(verb, words.toArray(String[]::new));
    }

    private static Result withPassword(String verb, String... more) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(List.of(more));
        words.addAll(List.of("--password-file", "-", "--expect", "2", "--for", "20s"));
        return lab.manager()
                .run(lab.manager()
                        .command(words.toArray(String[]::new))
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(LONG));
    }
}
