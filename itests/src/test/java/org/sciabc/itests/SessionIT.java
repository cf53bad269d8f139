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
        succeeds("mkdir -m 700 ~/.ssh && ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519");
        String key = succeeds("cat ~/.ssh/id_ed25519.pub").stdout().strip();
        for (NodeContainer node : lab.nodes()) {
            node.sh("install -d -m 700 -o pi -g pi ~pi/.ssh && echo '" + key
                    + "' >~pi/.ssh/authorized_keys && chown pi: ~pi/.ssh/authorized_keys");
        }
        hostfile(2, 3, 4);
        succeeds(sciabc("exec --hostfile nodes.txt --accept-new-host-keys -- true"));
    }

    @Test
    @Order(1)
    void aLaunchLeavesItsConnectionsOpenAndAColdOneDoesNot() {
        hostfile(2, 3);
        succeeds(launch("--cold", "hostname"));
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
                .contains(lab.node(2).address(), lab.node(3).address())
                .doesNotContain("prte");
        assertThat(succeeds(launch("-n 1", "printf 'a b|%s\\n' \"it's\"")).stdout())
                .isEqualTo("a b|it's\n");
        endsWith(3, as(launch("-n 2", "sh -c 'exit 3'")));
        endsWith(137, as(launch("-n 1", "sh -c 'kill -9 $$'")));
        assertThat(succeeds("echo hello | " + launch("", "cat")).stdout()).isEqualTo("hello\n");
    }

    @Test
    @Order(3)
    void aNodeThatJoinsAndOneThatLeavesAreFollowedBetweenJobs() {
        hostfile(2, 3, 4);
        assertThat(lines(launch("", "hostname"))).containsExactly("node2", "node3", "node4");
        hostfile(3, 4);
        assertThat(lines(launch("", "hostname"))).containsExactly("node3", "node4");
        assertThat(succeeds(sciabc("session")).stdout()).contains(lab.node(4).address());
        assertThat(lab.node(2).sh("pgrep prted || true")).isEmpty();
    }

    @Test
    @Order(4)
    void ctrlCEndsTheJobAndTheNextOneRuns() {
        try (RunningCommand job = lab.node(1)
                .start(command(launch("", "sh -c 'echo started; sleep 4321'")).onTerminal())) {
            job.awaitOutput("started");
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        assertThat(lab.nodes())
                .allSatisfy(
                        node -> assertThat(node.sh("pgrep -x sleep || true")).isEmpty());
        assertThat(lines(launch("", "hostname"))).containsExactly("node3", "node4");
    }

    @Test
    @Order(5)
    void stopLeavesNothingBehind() {
        succeeds(sciabc("session stop"));
        assertThat(succeeds(sciabc("session")).stdout()).isEmpty();
        assertThat(succeeds("pgrep -x prte || pgrep -x ssh || ls ~/.local/state/sciabc/default/ssh")
                        .stdout())
                .isEmpty();
        assertThat(lab.nodes())
                .allSatisfy(node -> assertThat(node.sh("pgrep prted || true")).isEmpty());
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
