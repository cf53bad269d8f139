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
 * What goes wrong before a job runs: somebody presses Ctrl-C, a node is not what it should be, the manager has no network.
 * The order spares boots: the first tests leave the nodes bare.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TroubleIT {
    private static final Duration PROVISIONING = Duration.ofMinutes(5);

    /** Takes connections on the port of its SSH server, and says nothing. */
    private static final String SILENCE = "systemctl stop ssh.socket ssh; perl -MIO::Socket::INET -e '"
            + "my $s = IO::Socket::INET->new(LocalPort => 22, Listen => 5, ReuseAddr => 1) or die; my @c;"
            + " while (my $c = $s->accept) { push @c, $c }' >/dev/null 2>&1 & echo $!";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.ofBareNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
    }

    @Test
    @Order(1)
    void ctrlCEndsALookForNodesAtOnce() {
        try (RunningCommand looking = lab.manager().start(command("discover", "--for", "60s"))) {
            lab.manager().sh("until ss -Hun | grep -q :5353 || ss -Huln | grep -q :5353; do sleep 0.05; done; sleep 1");
            looking.interrupt();

            assertThat(looking.await().exitStatus()).isEqualTo(130);
            assertThat(looking.await().duration()).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    @Order(2)
    void anAccountWithoutSudoIsToldWhatAnAdministratorHasToRun() {
        lab.node(1).sh("useradd -m -s /bin/bash guest && echo guest:raspberry | chpasswd");

        Result result = withPassword("provision", "--user", "guest@node1,pi", "--yes", "node1");

        assertThat(result.exitStatus()).isEqualTo(75);
        assertThat(result.stderr())
                .contains("node1", "administrator", "openmpi-bin")
                .doesNotContain("raspberry");
        assertThat(lab.node(1).run(Command.of("which", "mpirun")).exitStatus()).isNotZero();
    }

    @Test
    @Order(3)
    void aNodeThatSaysNothingHoldsUpNobodyAndIsNamed() {
        String silence = lab.node(3).sh(SILENCE).strip();
        try {
            Result result = withPassword("plan", "--user", "pi");

            assertThat(result.exitStatus()).isEqualTo(75);
            assertThat(result.stdout()).contains("node[1-2]:");
            assertThat(result.stderr()).contains("node3").contains("hint:");
            assertThat(result.duration()).isLessThan(Duration.ofSeconds(45));
        } finally {
            lab.node(3).sh("kill " + silence + "; systemctl start ssh");
        }
    }

    @Test
    @Order(4)
    void ctrlCWhileANodeIsBeingReachedEndsAPlan() {
        String silence = lab.node(3).sh(SILENCE).strip();
        try (RunningCommand planning =
                lab.manager().start(reaching("plan", "--user", "pi", "-v").reading(NodeContainer.PASSWORD + "\n"))) {
            lab.node(3).sh("until ss -Htn state established '( sport = :22 )' | grep -q .; do sleep 0.05; done");
            planning.interrupt();

            Result result = planning.await();
            assertThat(result.exitStatus()).isEqualTo(130);
            assertThat(result.stdout()).isEmpty();
        } finally {
            lab.node(3).sh("kill " + silence + "; systemctl start ssh");
        }
    }

    @Test
    @Order(5)
    void ctrlCWhileNodesAreMadeReadyLeavesNoProcessOnThem() {
        try (RunningCommand provisioning = lab.manager()
                .start(reaching("provision", "--user", "pi", "--yes")
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))) {
            lab.node(1).sh("until pgrep -x dpkg >/dev/null; do sleep 0.05; done");
            provisioning.interrupt();

            Result result = provisioning.await();
            assertThat(result.exitStatus()).isEqualTo(130);
        }
        assertThat(lab.nodes())
                .allSatisfy(node -> assertThat(
                                node.sh("for i in $(seq 100); do pgrep -x 'apt-get|dpkg|sh' >/dev/null || exit 0;"
                                        + " sleep 0.1; done; ps -ef"))
                        .isEmpty());
    }

    @Test
    @Order(6)
    void theNextRunGoesOnFromThere() {
        lab.manager()
                .run(reaching("provision", "--user", "pi", "--yes")
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();

        assertThat(lab.nodes())
                .allSatisfy(node ->
                        assertThat(node.sh("dpkg --audit; which mpirun")).isEqualTo("/usr/bin/mpirun\n"));
    }

    @Test
    @Order(7)
    void aManagerWithoutANetworkIsToldSo() {
        lab.manager().sh("ip link set eth0 down");
        try {
            Result result = lab.manager().sciabc("discover", "--for", "2s", "--expect", "1");

            assertThat(result.exitStatus()).isEqualTo(69);
            assertThat(result.stderr()).contains("error:", "network", "hint:");
        } finally {
            lab.manager().sh("ip link set eth0 up");
        }
    }

    private static Result withPassword(String... arguments) {
        return lab.manager().run(reaching(arguments).reading(NodeContainer.PASSWORD + "\n"));
    }

    private static Command reaching(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--expect", "3", "--accept-new-host-keys", "--password-file", "-"));
        return command(words.toArray(String[]::new));
    }

    private static Command command(String... arguments) {
        return lab.manager().command(arguments);
    }
}
