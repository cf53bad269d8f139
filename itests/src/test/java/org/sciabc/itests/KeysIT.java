// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Nodes with passwords of their own, with authorized_keys as people leave them, and with keys for each other: what sshd makes
 * of it is what counts. The tests are the acts of one story.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeysIT {
    private static final Duration LONG = Duration.ofMinutes(5);

    /** What shells, sudo and terminals stumble over. */
    private static final String ODD_PASSWORD = "it's \"5 €\" $(id) \\ für";

    private static final String COUNT_ORIGINS = "grep -c '^from=' ~pi/.ssh/authorized_keys";

    /** Kind, mode, owner, target and content of all that is in home folders, and the accounts. */
    private static final String HOMES = "find /home -printf '%p %y %m %u:%g %l\\n' | sort;"
            + " find /home -type f -exec sha1sum {} + | sort; getent passwd; getent group";

    @AutoClose
    private static Lab lab;

    private static final List<String> BEFORE = new ArrayList<>();

    @BeforeAll
    static void bootMachinesThatPeopleHaveUsed() {
        lab = Lab.ofReadyNodes(3);
        lab.nameTheNodes();
        String key = lab.manager().makeKey();
        // A symbolic link, below folders that are open to others, which sshd refuses.
        lab.node(1)
                .sh(
                        "cd ~pi && mkdir -p keys .ssh && echo '# mine' >keys/mine && ln -s ../keys/mine .ssh/authorized_keys"
                                + " && chown -R pi: keys .ssh && chmod 775 . .ssh keys && chmod 666 keys/mine");
        // Written on Windows.
        lab.node(2)
                .sh("cd ~pi && mkdir -m 755 .ssh && printf '# one\\r\\n%s\\r\\n' '" + key
                        + "' >.ssh/authorized_keys && chown -R pi: .ssh && chmod 644 .ssh/authorized_keys");
        lab.node(2)
                .run(Command.of("chpasswd").reading("pi:" + ODD_PASSWORD + "\n"))
                .succeeded();
        // With options, of a group that the account is not in, and without an end of its last line.
        lab.node(3)
                .sh("echo 'pi ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/pi"
                        + " && echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/keys.conf && systemctl reload ssh"
                        + " && install -d -m 700 -o pi -g pi ~pi/.ssh && printf 'no-agent-forwarding,from=\"*\" %s' '"
                        + key
                        + "' >~pi/.ssh/authorized_keys"
                        + " && chown pi:adm ~pi/.ssh/authorized_keys && chmod 640 ~pi/.ssh/authorized_keys");
        lab.nodes().forEach(node -> BEFORE.add(node.sh(HOMES)));
    }

    @Test
    @Order(1)
    void eachNodeIsReachedWithItsOwnPasswordOrWithKeysAlone() {
        Result provisioned = withPasswords("provision", "--yes").succeeded();

        assertThat(provisioned.stdout())
                .as("lines that are drawn over, and the sum")
                .containsPattern("  node[1-3]: 1/3 [^\n]* \\([0-9]+\\.[0-9] s\\)\r\n")
                .containsPattern("\u001b\\[[123]A\u001b\\[0J")
                .contains("3 of 3 nodes are ready, 9 changes");
        Result result = exec("id -un");

        assertThat(result.succeeded().stdout()).contains("node[1-3] (3)", "\npi\n");
        assertThat(lab.node(1).sh("readlink ~pi/.ssh/authorized_keys; tail -n 1 ~pi/keys/mine"))
                .startsWith("../keys/mine\nssh-ed25519 ");
        assertThat(lab.node(2).sh("grep -c $'\\r$' ~pi/.ssh/authorized_keys")).isEqualTo("3\n");
        assertThat(lab.node(3).sh("stat -c %U:%G ~pi/.ssh/authorized_keys")).isEqualTo("pi:adm\n");
        for (NodeContainer node : List.of(lab.node(2), lab.node(3))) {
            assertThat(ssh("/home/teacher/.ssh/id_ed25519", node).succeeded().stdout())
                    .as("who logged in before still does")
                    .isEqualTo(node.name() + "\n");
        }
    }

    @Test
    @Order(2)
    void theKeyOfTheNodesIsGoodFromNodesAlone() {
        withPasswords("provision", "--yes", "--mutual", "node[1-2]").succeeded();

        assertThat(across(1, 2)).isEqualTo("node2\n");
        assertThat(across(2, 1)).isEqualTo("node1\n");
        lab.manager()
                .run(Command.of("install", "-m", "600", "-o", "teacher", "/dev/stdin", "/tmp/taken")
                        .reading(lab.node(1).read("/home/pi/.ssh/sciabc-default")))
                .succeeded();
        Result elsewhere = ssh("/tmp/taken", lab.node(2));
        assertThat(elsewhere.exitStatus()).as(elsewhere.toString()).isEqualTo(255);
        assertThat(elsewhere.stderr()).contains("Permission denied");
    }

    @Test
    @Order(3)
    void aNodeThatJoinsIsLetInAndTheOldLineIsReplaced() {
        withPasswords("provision", "--yes", "--mutual").succeeded();

        assertThat(across(3, 1)).isEqualTo("node1\n");
        assertThat(across(2, 3)).isEqualTo("node3\n");
        for (NodeContainer node : lab.nodes()) {
            assertThat(node.sh(COUNT_ORIGINS)).as(node.name()).isEqualTo("1\n");
        }
        assertThat(withPasswords("provision", "--yes", "--mutual").succeeded().stdout())
                .contains("ready, nothing to do");
    }

    @Test
    @Order(4)
    void anAccountGetsAnotherNumberWhereItsOwnIsTaken() {
        Matcher number = Pattern.compile("create_account 'mpi' (\\d+)")
                .matcher(withPasswords("plan", "--create-user", "mpi", "--json", "node3")
                        .stdout());
        assertThat(number.find()).isTrue();
        lab.node(2).sh("useradd -M -u " + number.group(1) + " squatter");
        BEFORE.set(1, BEFORE.get(1) + lab.node(2).sh("getent passwd squatter; getent group squatter"));

        withPasswords("provision", "--yes", "--create-user", "mpi").succeeded();

        assertThat(lab.node(1).sh("id -u mpi")).isEqualTo(number.group(1) + "\n");
        assertThat(lab.node(3).sh("id -u mpi")).isEqualTo(number.group(1) + "\n");
        assertThat(lab.node(2).sh("id -u mpi")).isNotEqualTo(number.group(1) + "\n");
        assertThat(exec("id -un").succeeded().stdout()).contains("node[1-3] (3)", "\nmpi\n");
    }

    @Test
    @Order(5)
    void ownersModesLinksAndLineEndsAreBackAfterRestoring() {
        Result result = withPasswords("restore", "all", "--yes");

        assertThat(result.exitStatus()).as(result.toString()).isZero();
        assertThat(result.stdout()).contains("nothing differs");
        for (NodeContainer node : lab.nodes()) {
            assertThat(node.sh(HOMES).lines().sorted().toList())
                    .as(node.name())
                    .isEqualTo(BEFORE.get(lab.nodes().indexOf(node))
                            .lines()
                            .sorted()
                            .toList());
        }
    }

    /** As whoever has this key at the manager. */
    private static Result ssh(String key, NodeContainer node) {
        return lab.manager()
                .run(Command.script("ssh -i " + key + " -o IdentitiesOnly=yes -o BatchMode=yes"
                                + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null pi@" + node.address()
                                + " hostname")
                        .as(ManagerContainer.USER));
    }

    private static Result exec(String command) {
        List<String> words = new ArrayList<>(List.of("exec", "-b"));
        words.addAll(lab.findingAll());
        words.addAll(List.of("--", command));
        return lab.manager()
                .run(lab.manager().command(words.toArray(String[]::new)).within(LONG));
    }

    private static String across(int from, int to) {
        Command command = Command.of("ssh", "-F", "/home/pi/.ssh/sciabc-default.config", "node" + to, "hostname");
        return lab.node(from).run(command.as("pi")).succeeded().stdout();
    }

    /** Answers for each node that it asks about; for the third with nothing. */
    private static Result withPasswords(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--user", "pi", "--ask-password-per-node", "--accept-new-host-keys"));
        words.addAll(lab.findingAll());
        boolean onlyThird = words.contains("node3");
        boolean onlyOthers = words.contains("node[1-2]");
        try (RunningCommand running = lab.manager()
                .start(lab.manager()
                        .command(words.toArray(String[]::new))
                        .within(LONG)
                        .onTerminal())) {
            if (!onlyThird) {
                running.awaitOutput("Password of pi on node1");
                running.type("raspberry\n");
                running.awaitOutput("Password of pi on node2");
                running.type(ODD_PASSWORD + "\n");
            }
            if (!onlyOthers) {
                running.awaitOutput("Password of pi on node3");
                running.type("\n");
            }
            return running.await();
        }
    }
}
