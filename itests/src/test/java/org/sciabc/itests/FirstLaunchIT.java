// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The first launch on nodes that let a teacher's own key in already: there is nothing to provision, and nobody has ever said
 * whether their host keys are right. The teacher sits at the manager, with Debian 12, and at node3, with Debian 13.
 */
@RequiresContainerEngine
class FirstLaunchIT {
    private static final String USER = ManagerContainer.USER;
    private static final String HOME = "/home/" + USER;

    /** Several logins, one after the other, on a machine that is busy with other tests. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeachersKeyIn() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY, MachineImage.READY_TRIXIE, MachineImage.READY_TRIXIE);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lets(lab.manager(), old());
        lets(lab.node(3), recent());
    }

    @BeforeEach
    void knowNobody() {
        List.of(lab.manager(), lab.node(3))
                .forEach(machine -> machine.sh("rm -rf " + HOME + "/.local/state/sciabc " + HOME
                        + "/.ssh/known_hosts* && pkill -u " + USER + " ssh || true"));
    }

    @Test
    void withoutATerminalAKeyThatNobodyKnowsIsRefusedWithItsFingerprint() {
        Result result = as(lab.manager(), launch("hostname"));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(69);
        assertThat(result.stdout()).isEmpty();
        assertThat(result.stderr())
                .contains("the host key is not known", "--accept-new-host-keys")
                .contains(lab.node(1).hostKeyFingerprint(), lab.node(2).hostKeyFingerprint());
    }

    @Test
    void keysThatAreToBeAcceptedAreKnownToTheNextLaunch() {
        assertThat(lines(as(lab.manager(), launch("--accept-new-host-keys", "hostname"))))
                .containsExactlyInAnyOrder("node1", "node2");
        assertThat(lines(as(lab.manager(), launch("hostname")))).containsExactlyInAnyOrder("node1", "node2");
    }

    @Test
    void uncheckedLaunchesMeetNodesToo() {
        assertThat(lines(as(lab.manager(), launch("--no-check --accept-new-host-keys", "hostname"))))
                .containsExactlyInAnyOrder("node1", "node2");
    }

    @Test
    void onATerminalEachKeyIsShownAndAskedAbout() {
        try (RunningCommand launch =
                lab.manager().start(command(launch("hostname")).onTerminal())) {
            launch.awaitOutput("Trust it? [y/N/all]");
            launch.type("all\n");
            Result result = launch.await().succeeded();

            assertThat(result.stdout())
                    .contains("is reached for the first time", "node1", "node2")
                    .containsAnyOf(lab.node(1).hostKeyFingerprint(), lab.node(2).hostKeyFingerprint());
        }
    }

    @Test
    void aNodeWhereOnlyThePasswordWorksSaysWhatToDo() {
        NodeContainer second = lab.node(2);
        second.sh("mv ~pi/.ssh/authorized_keys ~pi/.ssh/away");
        try {
            String options = "--accept-new-host-keys --password-file password";
            lab.manager().write(HOME + "/password", NodeContainer.PASSWORD + "\n");
            Result withPassword = as(lab.manager(), launch(options, "hostname"));
            knowNobody();
            Result withKeys = as(lab.manager(), launch("--accept-new-host-keys", "hostname"));

            assertThat(withPassword.exitStatus()).as(withPassword.toString()).isEqualTo(75);
            assertThat(withPassword.stderr())
                    .contains(second.address() + ": only the password lets pi in", "hint: ", "sciabc provision");
            assertThat(withKeys.exitStatus()).as(withKeys.toString()).isEqualTo(75);
            assertThat(withKeys.stderr())
                    .contains(second.address() + ": login as pi refused", "hint: ", "sciabc provision");
        } finally {
            second.sh("mv ~pi/.ssh/away ~pi/.ssh/authorized_keys");
        }
    }

    @Test
    void rootOnTheNodesHasToBeAgreedTo() {
        Result result = as(lab.manager(), launch("--user root", "hostname"));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(64);
        assertThat(result.stderr())
                .contains(
                        "the job would run as root on " + lab.node(1).address().replaceFirst("\\d+$", "") + "[",
                        "--allow-root");
    }

    @Test
    void rootHereHasToAgreeExceptInTheSimulator() {
        lab.manager().sh("umask 077 && echo of-the-simulation >/root/password");
        assertThat(asRoot("launch --discovery zeroconf -- hostname").exitStatus())
                .isEqualTo(64);
        String simulation = "announce --discovery simulator --set simulator.nodes=2"
                + " --set simulator.password-file=/root/password";
        try (RunningCommand simulator = lab.manager()
                .start(Command.script(sciabc(simulation)).with("HOME", "/root").within(LIMIT))) {
            simulator.awaitOutput("password-file=/root/password");
            String options = " --discovery simulator --expect 2 --set openmpi.python=false --set ssh.keep-open=0s ";
            Result up =
                    asRoot("up --yes --accept-new-host-keys --password-file /root/password" + options + "-- echo ran");
            Result launch = asRoot("launch" + options + "-- echo ran");

            assertThat(up.succeeded().stdout().lines()).contains("ran");
            assertThat(launch.succeeded().stdout().lines()).contains("ran");
        }
    }

    private static Result asRoot(String words) {
        return lab.manager()
                .run(Command.script(sciabc(words)).with("HOME", "/root").within(LIMIT));
    }

    /** As in 2016, with nothing but the file: the teacher's own ssh logs in everywhere. */
    @Test
    void mpirunByHandNeedsTheHostfileAloneWithOpenMpi4() {
        assertThat(typedByHand(lab.manager(), old())).containsExactlyInAnyOrder("node1", "node2");
    }

    @Test
    void mpirunByHandNeedsTheHostfileAloneWithOpenMpi5() {
        assertThat(typedByHand(lab.node(3), recent())).containsExactlyInAnyOrder("node3", "node4");
    }

    private static List<String> typedByHand(Machine manager, List<NodeContainer> nodes) {
        nodes.forEach(node -> as(manager, "ssh-keyscan -t ed25519 " + node.address() + " >>.ssh/known_hosts")
                .succeeded());
        String names =
                String.join(",", nodes.stream().map(NodeContainer::address).toList());
        as(
                        manager,
                        sciabc("hostfile --slots 1 --discovery static --set static.nodes=" + names
                                + " --user pi -o nodes.txt"))
                .succeeded();
        assertThat(as(manager, "cat nodes.txt").stdout())
                .contains("pi@" + nodes.get(0).address() + " slots=1\n");
        return lines(as(manager, "mpirun -v --hostfile nodes.txt hostname"));
    }

    private static List<NodeContainer> old() {
        return lab.nodes().subList(0, 2);
    }

    private static List<NodeContainer> recent() {
        return lab.nodes().subList(2, 4);
    }

    private static void lets(Machine manager, List<NodeContainer> nodes) {
        String key = manager.makeKey();
        StringBuilder hostfile = new StringBuilder();
        for (NodeContainer node : nodes) {
            node.letIn(key);
            hostfile.append("pi@").append(node.address()).append(" slots=1\n");
        }
        manager.write(HOME + "/own.txt", hostfile.toString());
    }

    private static String launch(String job) {
        return launch("", job);
    }

    private static String launch(String options, String job) {
        return sciabc("launch --hostfile own.txt " + options + " -- " + job);
    }

    private static String sciabc(String words) {
        return ManagerContainer.DISTRIBUTION + "/bin/sciabc " + words;
    }

    private static List<String> lines(Result result) {
        return result.succeeded().stdout().lines().toList();
    }

    private static Result as(Machine machine, String script) {
        return machine.run(command(script));
    }

    private static Command command(String script) {
        return Command.script("cd ~ && " + script).as(USER).with("HOME", HOME).within(LIMIT);
    }
}
