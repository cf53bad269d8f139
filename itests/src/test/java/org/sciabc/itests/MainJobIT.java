// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
 * The main job: three machines on which nobody has prepared anything but an account with a password become nodes of a
 * cluster and run a program. The tests are the acts of one story, so that their order matters.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MainJobIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(5);
    private static final String WHERE = "echo rank $OMPI_COMM_WORLD_RANK on $(hostname)";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.ofBareNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
    }

    @Test
    @Order(1)
    void anUnknownHostKeyIsRefusedWithItsFingerprint() {
        Result result = withPassword(NodeContainer.PASSWORD, "plan", "--user", "pi", "--expect", "3");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains(lab.node(1).hostKeyFingerprint(), "--accept-new-host-keys");
    }

    @Test
    @Order(2)
    void aWrongPasswordIsSaidOnceForAllNodesAndNotShown() {
        Result result = withPassword("not the word", "plan", "--user", "pi", "--expect", "3", "--accept-new-host-keys");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("node[1-3]", "--ask-password").doesNotContain("not the word");
    }

    @Test
    @Order(3)
    void aPlanShowsTheExactCommandsAndChangesNothing() {
        Result result = withPassword(
                        NodeContainer.PASSWORD, "plan", "--user", "pi", "--expect", "3", "--accept-new-host-keys")
                .succeeded();

        assertThat(result.stdout())
                .contains("node[1-3]:", "openmpi-bin", "apt-get", "authorized_keys", "sciabc.service");
        assertThat(result.stdout() + result.stderr()).doesNotContain(NodeContainer.PASSWORD);
        assertThat(lab.node(1).run(Command.of("which", "mpirun")).exitStatus()).isNotZero();
    }

    @Test
    @Order(4)
    void withoutATerminalAPlanIsNotCarriedOutUnlessThatWasAgreed() {
        Result result = withPassword(
                NodeContainer.PASSWORD, "provision", "--user", "pi", "--expect", "3", "--accept-new-host-keys");

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("--yes");
    }

    @Test
    @Order(5)
    void bareMachinesAreMadeReadyAndEachRunsAPartOfTheJob() {
        Result result = lab.manager()
                .run(command(
                                "up",
                                "--user",
                                "pi",
                                "--expect",
                                "3",
                                "--accept-new-host-keys",
                                "--yes",
                                "--password-file",
                                "-",
                                "--slots",
                                "2",
                                "--",
                                "sh",
                                "-c",
                                WHERE)
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();

        assertThat(result.stdout().lines())
                .hasSize(6)
                .filteredOn(line -> line.endsWith(" on node2"))
                .hasSize(2);
        assertThat(result.stderr()).doesNotContain(NodeContainer.PASSWORD);
    }

    @Test
    @Order(6)
    void nodesThatAreReadyAreLeftAsTheyAre() {
        Result result = lab.manager()
                .sciabc("provision", "--user", "pi", "--expect", "3", "--for", "20s")
                .succeeded();

        assertThat(result.stderr()).contains("node[1-3]: ready, nothing to do");
    }

    @Test
    @Order(7)
    void afterProvisioningNodesSayWhatTheyAre() {
        Result result = lab.manager()
                .sciabc("discover", "--expect", "3", "--for", "20s")
                .succeeded();

        assertThat(result.stdout()).contains("debian-12", "x86_64");
    }

    @Test
    @Order(8)
    void theExitStatusOfTheJobComesBack() {
        assertThat(launch("-n", "1", "--", "sh", "-c", "exit 3").exitStatus()).isEqualTo(3);
    }

    @Test
    @Order(9)
    void everythingBehindTheDashesReachesTheProgramAsItIs() {
        Result result = launch("-n", "1", "--", "printf", "%s|", "a b", "--yes", "'", "$HOME", "*", "é");

        assertThat(result.succeeded().stdout()).isEqualTo("a b|--yes|'|$HOME|*|é|");
    }

    @Test
    @Order(10)
    void moreProcessesThanSlotsAreRefusedWithTheNumberThatFits() {
        Result result = launch("-n", "9999", "--", "hostname");

        assertThat(result.exitStatus()).isNotZero();
        assertThat(result.stderr()).contains("cannot run 9999 processes", "--slots");
    }

    @Test
    @Order(11)
    void aProgramThatIsMissingIsNamed() {
        Result result = launch("-n", "1", "--", "/no/such/program");

        assertThat(result.exitStatus()).isNotZero();
        assertThat(result.stderr()).contains("/no/such/program");
    }

    @Test
    @Order(12)
    void theHostfileWorksWithMpirunByHandAsIn2016() {
        String script =
                ManagerContainer.DISTRIBUTION + "/bin/sciabc hostfile --user pi --expect 3 --for 20s -o $HOME/nodes.txt"
                        + " && cat $HOME/nodes.txt && state=$HOME/.local/state/sciabc/default"
                        + " && OMPI_MCA_plm_rsh_agent=\"/bin/sh $state/ssh_apart ssh -F $state/ssh_config\""
                        + " mpirun -v --hostfile $HOME/nodes.txt -N 1 hostname";

        Result result = lab.manager()
                .run(Command.script(script).as(ManagerContainer.USER).with("HOME", "/home/teacher"))
                .succeeded();

        assertThat(result.stdout()).contains("pi@" + lab.node(1).address() + " slots=", "node1", "node2", "node3");
    }

    @Test
    @Order(13)
    void ctrlCEndsEveryProcessOfTheJobOnEveryNode() {
        try (RunningCommand job = lab.manager()
                .start(command("launch", "--user", "pi", "--expect", "3", "--", "sh", "-c", "echo started; sleep 4321")
                        .onTerminal())) {
            job.awaitOutput("started");
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        // The launcher ends when it has told its daemons, and they may still be at it on a busy machine.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lab.nodes())
                        .allSatisfy(node -> assertThat(node.sh("pgrep -f 'sleep 4321' | grep -v $$ || true"))
                                .isEmpty()));
    }

    @Test
    @Order(14)
    void aHostKeyThatChangedIsRefused() {
        NodeContainer first = lab.node(1);
        first.sh("rm /etc/ssh/ssh_host_* && ssh-keygen -A && systemctl restart ssh");

        Result result = lab.manager()
                .sciabc("plan", "--user", "pi", "--expect", "3", "--for", "20s", "--accept-new-host-keys", "node1");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("node1", "changed");
    }

    private static Result withPassword(String password, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--password-file", "-"));
        return lab.manager().run(command(words.toArray(String[]::new)).reading(password + "\n"));
    }

    private static Result launch(String... arguments) {
        List<String> words = new ArrayList<>(List.of("launch", "--user", "pi", "--expect", "3", "--for", "20s"));
        words.addAll(List.of(arguments));
        return lab.manager().sciabc(words.toArray(String[]::new));
    }

    private static Command command(String... arguments) {
        return lab.manager().command(arguments);
    }
}
