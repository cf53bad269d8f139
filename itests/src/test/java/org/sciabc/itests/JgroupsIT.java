// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes as members of a group, each in a machine of its own. */
@RequiresContainerEngine
class JgroupsIT {
    private static final String SECRET = "/etc/cluster.secret";

    @AutoClose
    private static Lab lab;

    private final List<RunningCommand> announcing = new ArrayList<>();

    @BeforeAll
    static void bootThreeMachines() {
        lab = Lab.ofReadyNodes(3);
    }

    @AfterEach
    void endAnnouncing() {
        announcing.forEach(RunningCommand::close);
    }

    @Test
    void nodesAreFoundAndOneThatIsKilledIsGone() throws JsonParserException {
        lab.nodes().forEach(node -> announce(node, "--discovery", "jgroups"));

        JsonArray nodes = discover("--discovery", "jgroups", "--expect", "3", "--for", "20s");
        assertThat(names(nodes)).containsExactly("node1", "node2", "node3");
        assertThat(nodes.getObject(0).getString("id")).isNotEmpty();
        assertThat(nodes.getObject(0).getArray("seenBy")).containsExactly("jgroups");

        announcing.get(2).close();
        assertThat(names(discover("--discovery", "jgroups", "--for", "8s"))).containsExactly("node1", "node2");

        announcing.get(1).interrupt();
        assertThat(announcing.get(1).await().exitStatus()).isZero();
        assertThat(names(discover("--discovery", "jgroups", "--for", "8s"))).containsExactly("node1");
    }

    @Test
    void machineThatTwoBackendsSeeIsOneNode() throws JsonParserException {
        announce(lab.node(1), "--discovery", "zeroconf,jgroups");

        JsonArray nodes = discover("--discovery", "zeroconf,jgroups", "--for", "8s");

        assertThat(names(nodes)).containsExactly("node1");
        assertThat(nodes.getObject(0).getArray("seenBy")).containsExactlyInAnyOrder("zeroconf", "jgroups");
    }

    @Test
    void aNodeThatGetsAnotherAddressIsFoundThere() throws JsonParserException {
        NodeContainer moving = lab.node(1);
        String before = moving.address();
        String after = before.substring(0, before.lastIndexOf('.')) + ".231";
        announce(moving, "--discovery", "jgroups");
        readdress(moving, before, after);
        try {
            announcing.get(0).awaitOutput("the network has changed: announced on eth0");
            JsonArray nodes = discover("--discovery", "jgroups", "--fresh", "--expect", "1", "--for", "20s");
            assertThat(nodes.getObject(0).getArray("addresses")).contains(after).doesNotContain(before);
        } finally {
            readdress(moving, after, before);
        }
    }

    private static void readdress(NodeContainer node, String from, String to) {
        node.sh("ip address del " + from + "/24 dev eth0; ip address add " + to + "/24 dev eth0");
    }

    @Test
    void clustersOnOneNetworkDoNotSeeEachOther() throws JsonParserException {
        announce(lab.node(1), "--discovery", "jgroups", "--cluster", "one");
        announce(lab.node(2), "--discovery", "jgroups", "--cluster", "two");

        assertThat(names(discover("--discovery", "jgroups", "--cluster", "one", "--for", "8s")))
                .containsExactly("node1");
    }

    @Test
    void whoHasNotTheSecretIsKeptOutAndAllAreTold() throws JsonParserException {
        giveSecret(lab.manager(), "the secret of this cluster", "teacher");
        giveSecret(lab.node(1), "the secret of this cluster", "pi");
        giveSecret(lab.node(2), "the secret of another one", "pi");
        String setting = "jgroups.secret-file=" + SECRET;
        announce(lab.node(1), "--discovery", "jgroups", "--set", setting);
        announce(lab.node(2), "--discovery", "jgroups", "--set", setting);
        announce(lab.node(3), "--discovery", "jgroups");

        Result insider = lab.manager()
                .sciabc("discover", "--json", "--discovery", "jgroups", "--set", setting, "--for", "6s")
                .succeeded();
        Result outsider = lab.manager()
                .sciabc("discover", "--json", "--discovery", "jgroups", "--for", "6s")
                .succeeded();

        assertThat(names(nodes(insider))).containsExactly("node1");
        assertThat(insider.stderr()).contains("with another secret", "without its secret");
        assertThat(names(nodes(outsider))).containsExactly("node3");
        assertThat(outsider.stderr()).contains("is protected by a secret", "jgroups.secret-file");
        announcing.get(1).awaitOutput("with another secret");
        assertThat(insider.stdout() + insider.stderr()).doesNotContain("the secret of");
    }

    private void announce(NodeContainer node, String... more) {
        List<String> words = new ArrayList<>(List.of(ManagerContainer.DISTRIBUTION + "/bin/sciabc", "announce"));
        words.addAll(List.of(more));
        RunningCommand running =
                node.start(Command.of(words.toArray(String[]::new)).as(NodeContainer.USER));
        announcing.add(running.awaitOutput("Ctrl-C ends it"));
    }

    private static void giveSecret(Machine machine, String secret, String owner) {
        machine.write(SECRET, secret + "\n");
        machine.sh("chmod 600 " + SECRET + " && chown " + owner + " " + SECRET);
    }

    private static JsonArray discover(String... more) throws JsonParserException {
        List<String> words = new ArrayList<>(List.of("discover", "--json"));
        words.addAll(List.of(more));
        return nodes(lab.manager().sciabc(words.toArray(String[]::new)).succeeded());
    }

    private static JsonArray nodes(Result result) throws JsonParserException {
        return JsonParser.object().from(result.stdout()).getArray("nodes");
    }

    private static List<String> names(JsonArray nodes) {
        return nodes.stream()
                .map(JsonObject.class::cast)
                .map(node -> node.getString("name"))
                .sorted()
                .toList();
    }
}
