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

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootMachinesWithAGuest() {
        lab = Lab.ofReadyNodes(3);
        StringBuilder hosts = new StringBuilder();
        for (NodeContainer node : lab.nodes()) {
            hosts.append(node.address() + " " + node.name() + "\n");
            node.sh("useradd -m -s /bin/bash guest && echo guest:visitor | chpasswd");
        }
        lab.manager()
                .run(Command.of("tee", "-a", "/etc/hosts").reading(hosts.toString()))
                .succeeded();
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
