// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
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
 * Nobody here may become root, and an administrator runs what was written for him: then nothing is left to do. The tests are
 * the acts of one story.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdministratorIT {
    private static final String SCRIPTS = "/tmp/hand";
    private static final String DEBS = "/tmp/debs";

    @AutoClose
    private static Lab lab;

    private static String before = "";

    @BeforeAll
    static void bootMachinesWithAGuest() {
        lab = Lab.ofReadyNodes(3);
        for (NodeContainer node : lab.nodes()) {
            node.sh("useradd -m -s /bin/bash guest && echo guest:visitor | chpasswd");
        }
        lab.nameTheNodes();
        lab.node(3).sh("systemctl disable --now avahi-daemon.socket avahi-daemon.service");
    }

    @Test
    @Order(1)
    void everyKeyOfThePlanIsThere() throws JsonParserException {
        JsonObject plan = JsonParser.object()
                .from(sciabc(
                                "visitor\n",
                                "plan",
                                "--user",
                                "guest",
                                "--json",
                                "--accept-new-host-keys",
                                "--password-file",
                                "-")
                        .succeeded()
                        .stdout());

        assertThat(plan).containsOnlyKeys("cluster", "nodes", "leftOut");
        JsonObject node = plan.getArray("nodes").getObject(2);
        assertThat(node)
                .containsKeys("name", "addresses", "port", "as", "asOrigin", "privilege", "ready", "present", "facts")
                .containsKeys("steps", "administrator", "obstacles", "notes");
        assertThat(node.getString("name")).isEqualTo("node3");
        assertThat(node.getString("as")).isEqualTo("guest");
        assertThat(node.getString("asOrigin")).isEqualTo("command_line");
        assertThat(node.getArray("administrator").getObject(0))
                .containsOnlyKeys("kind", "title", "why", "root", "commands");
        JsonObject facts = node.getObject("facts");
        assertThat(facts)
                .containsKeys("hostname", "system", "version", "title", "arch", "cores", "memoryBytes", "init")
                .containsKeys("machineId", "freeSystemBytes", "freeHomeBytes", "clockAheadSeconds", "packageManager")
                .containsKeys("packagesInterrupted", "mpi", "avahi", "selinux", "login", "shell", "homeWritable")
                .containsKey("addresses");
        assertThat(facts.getObject("mpi")).containsOnlyKeys("path", "version", "build");
        assertThat(facts.getArray("addresses").getObject(0)).containsOnlyKeys("interface", "address", "prefix");
        assertThat(facts.getString("system")).isEqualTo("debian");
    }

    @Test
    @Order(2)
    void nodesWithEqualPlansShareAScript() {
        Result planned = plan("--script", SCRIPTS);

        assertThat(planned.stderr())
                .contains("node[1-2]: /tmp/hand/node1-2.sh, to be run there as root; it holds a secret")
                .contains("node3: /tmp/hand/node3.sh, to be run there as root; it holds a secret");
        assertThat(lab.manager().sh("cd " + SCRIPTS + " && stat -c '%n %a' *"))
                .isEqualTo("node1-2.sh 700\nnode3.sh 700\n");
    }

    @Test
    @Order(3)
    void whenItHasRunNothingIsLeftToDo() {
        for (NodeContainer node : lab.nodes()) {
            String script = lab.manager().read(SCRIPTS + (node == lab.node(3) ? "/node3.sh" : "/node1-2.sh"));
            for (int run = 1; run <= 2; run++) {
                node.run(Command.of("sh").reading(script).within(Duration.ofMinutes(2)))
                        .succeeded();
            }
        }

        Result planned = sciabc("", "plan", "--user", "mpi", "--mutual");

        assertThat(planned.succeeded().stdout()).contains("node[1-3]: ready, nothing to do");
        assertThat(lab.node(1)
                        .run(Command.of("ssh", "-F", "/home/mpi/.ssh/sciabc-default.config", "node3", "hostname")
                                .as("mpi"))
                        .succeeded()
                        .stdout())
                .isEqualTo("node3\n");
    }

    @Test
    @Order(4)
    void withoutAMirrorThePackagesComeAlongInAFolderBesideTheScript() {
        NodeContainer node = addMachineWithoutAMirror();

        Result planned = alone("visitor\n", "plan", "--user", "guest", "--packages-from", DEBS, "--script", SCRIPTS);

        assertThat(planned.succeeded().stderr())
                .contains("node4: /tmp/hand/node4.sh, to be run there as root, with the folder node4.files beside it");
        carry("/tmp/hand", node);
        String run = "sh /home/pi/hand/node4.sh";
        assertThat(node.sh("mv /home/pi/hand/node4.files /home/pi/hand/late; ! " + run + " 2>&1"))
                .contains("there is no folder /home/pi/hand/node4.files: copy it here, or say where it is");
        node.run(Command.script(run + " /home/pi/hand/late").within(Duration.ofMinutes(3)))
                .succeeded();
        assertThat(node.sh("rm -r /home/pi/hand/late; " + run)).doesNotContain("Setting up");
        assertThat(node.sh("mpirun --version")).contains("Open MPI");
        assertThat(node.sh("ls /var/lib/sciabc")).isEqualTo("accounts\njournal\n");
    }

    @Test
    @Order(5)
    void whereSciabcMayBecomeRootTheScriptIsTheWholePlan() {
        NodeContainer node = lab.node(4);

        String[] plan = {"plan", "--user", "pi", "--create-user", "mpi", "--script", "/tmp/whole"};

        Result planned = alone("raspberry\n", plan);

        assertThat(planned.succeeded().stderr())
                .contains("node4: /tmp/whole/node4.sh, all of the plan, to be run there as root");
        for (int run = 1; run <= 2; run++) {
            node.run(Command.of("sh").reading(lab.manager().read("/tmp/whole/node4.sh")))
                    .succeeded();
        }
        Result again = alone("raspberry\n", plan);
        assertThat(again.succeeded().stderr()).contains("node4: ready, nothing to do");
    }

    @Test
    @Order(6)
    void whatScriptsDidIsUndoneAsWell() {
        NodeContainer node = lab.node(4);
        node.sh("rm -r /home/pi/hand");

        alone("raspberry\n", "restore", "node4", "--user", "pi", "--yes").succeeded();

        assertThat(node.sh(RestoreIT.SNAPSHOT)).isEqualTo(before);
    }

    /** It has neither Open MPI nor where to get it; the manager has the files. */
    private static NodeContainer addMachineWithoutAMirror() {
        NodeContainer node = lab.add(MachineImage.BARE);
        node.sh("useradd -m -s /bin/bash guest && echo guest:visitor | chpasswd");
        lab.manager().run(Command.script("""
                        echo '%1$s node4' >>/etc/hosts
                        mkdir %2$s && cd %2$s
                        sshpass -p raspberry ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null pi@%1$s \\
                            tar -C /var/cache/apt/archives --exclude=partial --exclude=lock -c . | tar -x
                        chmod -R a+rX %2$s
                        """.formatted(node.address(), DEBS))).succeeded();
        node.sh("rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb");
        before = node.sh(RestoreIT.SNAPSHOT);
        return node;
    }

    /** As somebody would with a memory stick. */
    private static void carry(String folder, NodeContainer node) {
        lab.manager()
                .run(Command.script("tar -C /tmp -c " + folder.substring("/tmp/".length())
                        + " | sshpass -p raspberry ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null pi@"
                        + node.address() + " tar -x"))
                .succeeded();
    }

    private static Result alone(String input, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--discovery", "static", "--set", "static.nodes=node4", "--expect", "1"));
        words.addAll(List.of("--accept-new-host-keys", "--password-file", "-"));
        return lab.manager()
                .run(lab.manager()
                        .command(words.toArray(String[]::new))
                        .reading(input)
                        .within(Duration.ofMinutes(3)));
    }

    private static Result plan(String... more) {
        List<String> words = new ArrayList<>(List.of("plan", "--user", "guest", "--create-user", "mpi", "--mutual"));
        words.addAll(List.of(more));
        words.addAll(List.of("--accept-new-host-keys", "--password-file", "-"));
        return sciabc("visitor\n", words.toArray(String[]::new)).succeeded();
    }

    private static Result sciabc(String input, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--discovery", "zeroconf,static", "--set", "static.nodes=node[1-3]"));
        words.addAll(List.of("--set", "static.patience=30s", "--expect", "3", "--for", "60s"));
        return lab.manager()
                .run(lab.manager()
                        .command(words.toArray(String[]::new))
                        .reading(input)
                        .within(Duration.ofMinutes(5)));
    }
}
