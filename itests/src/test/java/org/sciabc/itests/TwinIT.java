// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What was made ready and restored is like a machine that was never touched, on both releases, by each way of becoming root,
 * with nodes that reach each other and with an account of sciabc's own; and services that their owner had stopped or masked
 * are stopped or masked again. The tests are the acts of one story.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwinIT {
    private static final Duration LONG = Duration.ofMinutes(8);

    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int STOPPED = 3;
    private static final int MASKED = 4;
    private static final int NEW_AS_ROOT = 5;
    private static final int NEW_READY = 6;
    private static final int OLD_TWIN = 7;
    private static final int NEW_TWIN = 8;
    private static final int NEW_READY_TWIN = 9;

    @AutoClose
    private static Lab lab;

    /** $6$ and so on of "raspberry": chpasswd would make another on each machine. */
    private static final String PASSWORD_HASH =
            "$(perl -e 'print crypt(\"" + NodeContainer.PASSWORD + "\", \"\\$6\\$twin\\$\")')";

    private static Map<String, FileSystem> before = Map.of();
    private static String plan = "";

    @BeforeAll
    static void bootMachinesAndTheirTwins() {
        lab = Lab.of(
                MachineImage.BARE,
                MachineImage.BARE_TRIXIE,
                MachineImage.READY,
                MachineImage.READY,
                MachineImage.READY_TRIXIE,
                MachineImage.READY_TRIXIE,
                MachineImage.BARE,
                MachineImage.BARE_TRIXIE,
                MachineImage.READY_TRIXIE);
        for (NodeContainer node : lab.nodes()) {
            // The same on the twins: what belongs to the machine's owner.
            node.sh("useradd -m -s /bin/bash mary && for name in mary root; do usermod -p \"" + PASSWORD_HASH
                    + "\" $name; done && echo 'mary ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/mary"
                    + " && echo 'PermitRootLogin yes' >/etc/ssh/sshd_config.d/root.conf && systemctl reload ssh");
        }
        lab.nameTheNodes();
        node(STOPPED).sh("systemctl disable --now avahi-daemon.socket avahi-daemon.service");
        node(MASKED)
                .sh("systemctl disable --now avahi-daemon.socket avahi-daemon.service"
                        + " && systemctl mask avahi-daemon.socket avahi-daemon.service");
        before = FileSystem.ofEach(
                List.of(node(STOPPED), node(MASKED), node(OLD_TWIN), node(NEW_TWIN), node(NEW_READY_TWIN)));
    }

    @Test
    @Order(1)
    void aMachineThatIsReadyDiffersFromItsTwin() {
        try (RunningCommand shared = lab.manager().start(provision("node[1-3]", "--mutual"));
                RunningCommand own = lab.manager().start(provision("node[4-6]", "--create-user", "mpi"))) {
            plan = shared.await().succeeded().stderr();
            own.await().succeeded();
        }

        Map<String, FileSystem> now = FileSystem.ofEach(List.of(node(OLD), node(NEW_READY)));
        assertThat(differences(now, OLD, OLD_TWIN))
                .anyMatch(line -> line.startsWith(NodeContainer.SERVICE_FILE + ":"))
                .anyMatch(line -> line.startsWith("/usr/bin/mpirun:"))
                .anyMatch(line -> line.startsWith("/home/pi/.ssh/authorized_keys:"))
                .anyMatch(line -> line.startsWith("/home/pi/.ssh/sciabc-default:"))
                .anyMatch(line -> line.startsWith("/var/lib/dpkg/status:"));
        assertThat(differences(now, NEW_READY, NEW_READY_TWIN))
                .anyMatch(line -> line.startsWith("/home/mpi/.ssh/authorized_keys:"))
                .anyMatch(line -> line.startsWith("/etc/shadow:"));
        for (int number : List.of(STOPPED, MASKED)) {
            assertThat(node(number).sh("systemctl is-active avahi-daemon")).isEqualTo("active\n");
        }
    }

    /** Its socket was still there. */
    @Test
    @Order(2)
    void anAvahiThatWasStoppedDidNotRun() {
        assertThat(plan)
                .containsPattern("(?m)^node1: .*\\n  as .*\\n  is: .*Avahi runs$")
                .containsPattern("(?m)^node3: .*\\n  as .*\\n  is: ")
                .doesNotContainPattern("(?m)^node3: .*\\n  as .*\\n  is: .*Avahi runs$");
    }

    @Test
    @Order(3)
    void afterRestoringItDoesNot() {
        Result result = lab.manager().run(withPassword("restore", "node[1,3,5]", "--yes"));

        assertThat(result.exitStatus()).as(result.toString()).isZero();
        assertThat(result.stdout()).contains("nothing differs");
        Map<String, FileSystem> now = FileSystem.ofEach(List.of(node(OLD), node(NEW_AS_ROOT), node(STOPPED)));
        assertThat(differences(now, OLD, OLD_TWIN)).isEmpty();
        assertThat(differences(now, NEW_AS_ROOT, NEW_READY_TWIN)).isEmpty();
        assertThat(differences(now, STOPPED, STOPPED)).isEmpty();
    }

    @Test
    @Order(4)
    void aManagerThatHasLostItsStateRestoresJustAsWell() {
        lab.manager().sh("rm -rf /home/teacher/.local/state/sciabc");
        List<String> words = words("restore", "all", "--accept-new-host-keys", "--ask-password");
        words.set(words.indexOf("static.nodes=node[1-6]"), "static.nodes=node[2,4,6]");
        words.set(words.indexOf("6"), "3");
        Result result;
        try (RunningCommand restoring = lab.manager()
                .start(lab.manager()
                        .command(words.toArray(String[]::new))
                        .within(LONG)
                        .onTerminal())) {
            restoring.awaitOutput("assword");
            restoring.type(NodeContainer.PASSWORD + "\n");
            restoring.awaitOutput("Undo this?");
            restoring.type("y\n");
            result = restoring.await();
        }

        assertThat(result.exitStatus()).as(result.toString()).isZero();
        assertThat(result.stdout()).contains("nothing differs");
        Map<String, FileSystem> now = FileSystem.ofEach(List.of(node(NEW), node(NEW_READY), node(MASKED)));
        assertThat(differences(now, NEW, NEW_TWIN)).isEmpty();
        assertThat(differences(now, NEW_READY, NEW_READY_TWIN)).isEmpty();
        assertThat(differences(now, MASKED, MASKED)).isEmpty();
    }

    private static List<String> differences(Map<String, FileSystem> now, int number, int twin) {
        return Objects.requireNonNull(now.get(node(number).name()))
                .differencesTo(Objects.requireNonNull(before.get(node(twin).name())));
    }

    private static NodeContainer node(int number) {
        return lab.node(number);
    }

    private static Command provision(String... arguments) {
        List<String> words = new ArrayList<>(List.of("provision", "--accept-new-host-keys", "--yes"));
        words.addAll(List.of(arguments));
        return withPassword(words.toArray(String[]::new));
    }

    private static Command withPassword(String... arguments) {
        List<String> words = words(arguments);
        words.addAll(List.of("--password-file", "-"));
        return lab.manager()
                .command(words.toArray(String[]::new))
                .reading(NodeContainer.PASSWORD + "\n")
                .within(LONG);
    }

    private static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--discovery", "zeroconf,static", "--set", "static.nodes=node[1-6]"));
        words.addAll(List.of("--set", "static.patience=30s", "--expect", "6", "--for", "60s"));
        words.addAll(List.of("--user", "mary@node[2-3],root@node[4-5],pi"));
        return words;
    }
}
