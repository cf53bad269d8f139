// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What stays open between launches on Debian 13, while nodes join and leave. The acts of one story. */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SessionIT {
    private static final String USER = "teacher";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeacherLogInEverywhere() {
        lab = Lab.of(
                MachineImage.READY_TRIXIE,
                MachineImage.READY_TRIXIE,
                MachineImage.READY_TRIXIE,
                MachineImage.READY_TRIXIE);
        String key = lab.node(1).makeKey();
        for (NodeContainer node : lab.nodes()) {
            node.letIn(key);
            node.sh("echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/log.conf && systemctl reload ssh");
        }
        hostfile(2, 3, 4);
        succeeds(sciabc("exec --hostfile nodes.txt --accept-new-host-keys -- true"));
    }

    @Test
    @Order(1)
    void aLaunchLeavesItsConnectionsOpenAndAColdOneDoesNot() {
        hostfile(2, 3);
        assertThat(succeeds(launch("--cold", "hostname")).stderr()).doesNotContainIgnoringCase("warning");
        assertThat(succeeds("ls -A ~/.local/state/sciabc/default").stdout()).doesNotContain("ssh_config_of");
        assertThat(succeeds(sciabc("session")).stdout()).isEmpty();
        succeeds(launch("", "hostname"));
        assertThat(succeeds(sciabc("session")).stdout())
                .contains(lab.node(2).address(), lab.node(3).address())
                .doesNotContain("prte");
        assertThat(succeeds("stat -c %a ~/.local/state/sciabc/default/ssh/*").stdout())
                .isEqualTo("600\n600\n");
    }

    @Test
    @Order(2)
    void aSessionRunsJobsAsMpirunDoes() {
        assertThat(succeeds(sciabc("session start --hostfile nodes.txt")).stdout())
                .contains(lab.node(2).address(), lab.node(3).address(), "prte, process ");
        String prte = prte();
        assertThat(succeeds(launch("-n 1", "printf 'a b|%s\\n' \"it's\"")).stdout())
                .isEqualTo("a b|it's\n");
        endsWith(3, as(launch("-n 2", "sh -c 'exit 3'")));
        endsWith(3, as(launch("-n 2", "sh -c '[ $PMIX_RANK = 0 ] || exit 3; sleep 4321'")));
        endsWith(137, as(launch("-n 1", "sh -c 'kill -9 $$'")));
        assertThat(succeeds("echo hello | " + launch("", "cat")).stdout()).isEqualTo("hello\n");
        assertThat(succeeds(launch("", "printf end")).stdout()).isEqualTo("endend");
        assertThat(prte()).isEqualTo(prte);
        assertThat(nobodyRuns("sleep", 2, 3)).isTrue();
    }

    @Test
    @Order(3)
    void nothingOfAHundredMegabytesIsLost() {
        String lines = "i=0; while [ $i -lt 10 ]; do seq 1000000 2249999; i=$((i+1)); done";

        assertThat(succeeds(launch("-n 1", "sh -c '" + lines + "'") + " | sha256sum")
                        .stdout())
                .isEqualTo(succeeds("(" + lines + ") | sha256sum").stdout());
    }

    @Test
    @Order(4)
    void jobsInARowAllComeBackWhole() {
        String prte = prte();
        for (int job = 0; job < 10; job++) {
            assertThat(lines(launch("", "hostname"))).containsExactly("node2", "node3");
            endsWith(3, as(launch("", "sh -c 'exit 3'")));
        }
        assertThat(prte()).isEqualTo(prte);
    }

    @Test
    @Order(5)
    void programsOfMpiFindEachOther() {
        for (int number : new int[] {2, 3}) {
            lab.node(number)
                    .sh("su pi -c 'mpicc -o /home/pi/pi " + ManagerContainer.DISTRIBUTION + "/examples/pi.c -lm'");
        }
        String prte = prte();

        assertThat(succeeds(launch("", "/home/pi/pi 100000")).stdout()).contains("3.14159265");
        assertThat(prte()).isEqualTo(prte);
    }

    /** It ends with 0, and yet its job has failed, as with mpirun by hand. */
    @Test
    @Order(6)
    void aProgramThatLeavesMpiWithoutAWordHasFailed() {
        String program = """
                #include <mpi.h>
                #include <stdlib.h>
                int main(int c, char **v) { MPI_Init(&c, &v); exit(0); }
                """;
        for (int number : new int[] {2, 3}) {
            lab.node(number).write("/home/pi/leaves.c", program);
            lab.node(number).sh("su pi -c 'mpicc -o /home/pi/leaves /home/pi/leaves.c'");
        }
        Result left = as(launch("", "/home/pi/leaves"));

        endsWith(1, left);
        assertThat(left.stderr()).contains("finalize");
    }

    @Test
    @Order(6)
    void processesOfTheNextJobWaitInItUntilAnotherOneNeedsTheRoom() {
        String own = sciabc("session status --json");
        String ready =
                "for i in $(seq 300); do case $(" + own + ") in *'\"ahead\"'*) exit 0 ;; esac; sleep 0.1; done; exit 1";
        succeeds(launch("", "hostname"));
        String prte = prte();
        succeeds(ready);
        String before = lab.nodes().stream()
                .map(node -> node.sh("pgrep -u pi -x perl || :"))
                .collect(Collectors.joining(" "));

        assertThat(lines(launch("", "sh -c 'echo $PPID'"))).isNotEmpty().isSubsetOf(before.split("\\s+", -1));

        succeeds(ready);
        Result other = succeeds(
                "mkdir -p other && cd other && " + sciabc("launch --verbose --hostfile ../nodes.txt -- hostname"));
        assertThat(other.stderr()).doesNotContain("warning:");
        assertThat(succeeds(own).stdout()).doesNotContain("\"ahead\"");
        assertThat(lines(launch("", "hostname")))
                .isEqualTo(other.stdout().lines().sorted().toList());
        assertThat(prte()).isEqualTo(prte);
    }

    /** One in prte, and one with connections of its own. */
    @Test
    @Order(6)
    void jobsOfOtherTerminalsGoOnWhateverASessionIsAsked() {
        String prte = prte();
        String job = "sh -c 'echo begun; until [ -e /tmp/over ]; do sleep 0.1; done'";
        try (RunningCommand cold = lab.node(1).start(command(launch("--cold", job)));
                RunningCommand resident = lab.node(1).start(command(launch("", job)))) {
            cold.awaitOutput("begun");
            resident.awaitOutput("begun");
            succeeds(sciabc("session status"));
            assertThat(succeeds(sciabc("session --idle 2h start --hostfile nodes.txt"))
                            .stderr())
                    .contains("warning: prte stays as it is: a job runs in it");
            lab.nodes().forEach(node -> node.sh("touch /tmp/over"));
            endsWith(0, cold.await());
            endsWith(0, resident.await());
        }
        assertThat(prte()).isEqualTo(prte);
    }

    @Test
    @Order(6)
    void aLaunchInTheBackgroundOfATerminalIsNotStoppedByIt() {
        String script = "set -m; " + launch("", "hostname") + " & wait %1; echo status $?; jobs";

        Result result = lab.node(1).run(command(script).onTerminal());

        assertThat(result.stdout()).contains("node2", "node3", "status 0").doesNotContain("Stopped");
    }

    /** Processes that wait for them are there before the checks have ended. */
    @Test
    @Order(7)
    void whatTheChecksRefuseLeavesNoProcessBehind() {
        String prte = prte();
        // From there no process that stays has begun anything.
        Result refused = as("cd other && " + sciabc("launch --hostfile ../nodes.txt -- /nowhere/at-all"));

        assertThat(refused.exitStatus()).isNotZero();
        assertThat(refused.stderr()).contains("/nowhere/at-all");
        assertThat(nobodyRuns("perl", 2, 3)).isTrue();
        assertThat(lines(launch("", "hostname"))).containsExactly("node2", "node3");
        assertThat(prte()).isEqualTo(prte);
    }

    @Test
    @Order(8)
    void aNodeThatHangsIsNamedAndTheNextJobRuns() {
        lab.node(3).freeze();
        Result silent;
        try {
            silent = as(launch("", "hostname"));
        } finally {
            lab.node(3).thaw();
        }
        assertThat(silent.exitStatus()).isNotZero();
        assertThat(silent.stderr()).contains(lab.node(3).address());
        assertThat(lines(launch("", "hostname"))).containsExactly("node2", "node3");
        assertThat(prte()).isNotEmpty();
    }

    @Test
    @Order(9)
    void aNodeThatJoinsAndOneThatLeavesAreFollowedBetweenJobs() {
        String prte = prte();
        hostfile(2, 3, 4);
        assertThat(lines(launch("", "hostname"))).containsExactly("node2", "node3", "node4");
        assertThat(prte()).isNotEqualTo(prte);
        hostfile(3, 4);
        assertThat(lines(launch("", "hostname"))).containsExactly("node3", "node4");
        assertThat(succeeds(sciabc("session")).stdout()).contains(lab.node(4).address(), "prte, process ");
        assertThat(nobodyRuns("prted", 2)).isTrue();
    }

    /** The program does not flush: its output comes at once because it is a terminal, as by hand. */
    @Test
    @Order(10)
    void ctrlCEndsTheJobAndTheNextOneRuns() {
        try (RunningCommand job = lab.node(1)
                .start(command(launch("", "python3 -c 'import time; print(\"started\"); time.sleep(4321)'"))
                        .onTerminal())) {
            job.awaitOutput("started");
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        assertThat(nobodyRuns("python3", 1, 2, 3, 4)).isTrue();
        assertThat(nobodyRuns("bash", 3, 4)).isTrue();
        assertThat(nobodyRuns("perl", 3, 4)).isTrue();
        assertThat(lines(launch("", "hostname"))).containsExactly("node3", "node4");
        assertThat(prte()).isNotEmpty();
    }

    @Test
    @Order(11)
    void onePrteThatIsKilledIsReplaced() {
        String prte = prte();
        succeeds("kill -9 " + prte);
        assertThat(lines(launch("", "hostname"))).containsExactly("node3", "node4");
        assertThat(prte()).isNotEmpty().isNotEqualTo(prte);
    }

    @Test
    @Order(12)
    void aColdJobLeavesItAlone() {
        String prte = prte();
        assertThat(lines(launch("--cold", "hostname"))).containsExactly("node3", "node4");
        assertThat(prte()).isEqualTo(prte);
    }

    @Test
    @Order(13)
    void stopLeavesNothingBehind() {
        succeeds(sciabc("session stop"));
        assertThat(succeeds(sciabc("session")).stdout()).isEmpty();
        assertThat(as("pgrep -x prte || pgrep -x ssh || ls ~/.local/state/sciabc/default/prte"
                                + " || ls ~/.local/state/sciabc/default/ssh")
                        .stdout())
                .isEmpty();
        assertThat(nobodyRuns("prted", 1, 2, 3, 4)).isTrue();
        assertThat(nobodyRuns("perl", 1, 2, 3, 4)).isTrue();
    }

    @Test
    @Order(14)
    void withoutAJobItEndsByItself() {
        succeeds(sciabc("session start --idle 2s --hostfile nodes.txt"));
        succeeds("timeout 60 sh -c 'while pgrep -x prte; do sleep 0.2; done'");
        assertThat(nobodyRuns("prted", 3, 4)).isTrue();
        assertThat(succeeds(sciabc("session")).stdout()).doesNotContain("prte");
        succeeds(sciabc("session stop"));
    }

    /** Open MPI 5.0.7, left alone, waits for ever where two nodes have such a bridge. */
    @Test
    @Order(15)
    void bridgesOfContainerEnginesAreNoNetworkOfTheJob() {
        for (int number : new int[] {1, 3, 4}) {
            lab.node(number)
                    .sh("ip link add docker0 type bridge && ip addr add 172.17.0.1/16 dev docker0"
                            + " && ip link set docker0 up");
        }
        lab.node(4).sh("su pi -c 'mpicc -o /home/pi/pi " + ManagerContainer.DISTRIBUTION + "/examples/pi.c -lm'");

        Result cold = succeeds(launch("-v --cold", "/home/pi/pi 100000"));
        succeeds(sciabc("session start --hostfile nodes.txt"));
        Result warm = succeeds(launch("-v", "/home/pi/pi 100000"));

        assertThat(cold.stderr()).contains("; network " + lab.subnet());
        assertThat(cold.stdout()).contains("3.14159265");
        assertThat(warm.stderr()).contains("; network " + lab.subnet());
        assertThat(warm.stdout()).contains("3.14159265");
        assertThat(prte()).isNotEmpty();
        succeeds(sciabc("session stop"));
    }

    /** OpenSSH 9.8 and later counts who comes and does not log in, and then keeps everybody out who comes from there. */
    @Test
    @Order(16)
    void noServerHasEverKeptUsOut() {
        for (int number : new int[] {2, 3, 4}) {
            String log = lab.node(number).sh("journalctl -q -u ssh");

            assertThat(log).contains("Accepted publickey");
            assertThat(log).doesNotContain("drop connection").doesNotContain("activating ipv4 penalty");
        }
    }

    private static String prte() {
        return as("pgrep -x prte").stdout().strip();
    }

    /** Daemons take a moment to end. */
    private static boolean nobodyRuns(String program, int... numbers) {
        for (int number : numbers) {
            String look = "for i in $(seq 300); do pgrep -u pi -x " + program
                    + " >/dev/null || exit 0; sleep 0.1; done; exit 1";
            if (lab.node(number).run(Command.script(look)).exitStatus() != 0) {
                return false;
            }
        }
        return true;
    }

    private static void hostfile(int... numbers) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append("pi@").append(lab.node(number).address()).append(" slots=1\n");
        }
        lab.node(1).write("/home/" + USER + "/nodes.txt", text.toString());
    }

    private static List<String> lines(String script) {
        return succeeds(script).stdout().lines().sorted().collect(Collectors.toList());
    }

    private static String launch(String options, String job) {
        return sciabc("launch --hostfile nodes.txt " + options + " -- " + job);
    }

    private static String sciabc(String words) {
        return ManagerContainer.DISTRIBUTION + "/bin/sciabc " + words;
    }

    private static void endsWith(int status, Result result) {
        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(status);
    }

    private static Result succeeds(String script) {
        return as(script).succeeded();
    }

    private static Result as(String script) {
        return lab.node(1).run(command(script));
    }

    private static Command command(String script) {
        return Command.script("cd ~ && " + script).as(USER).with("HOME", "/home/" + USER);
    }
}
