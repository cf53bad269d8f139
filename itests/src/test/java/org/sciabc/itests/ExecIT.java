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
import org.junit.jupiter.api.Test;

/** One command on all nodes, and files to and from all of them. */
@RequiresContainerEngine
class ExecIT {
    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letTheManagerIn() {
        lab = Lab.ofReadyNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
    }

    @Test
    void eachLineComesBehindItsNodesName() {
        Result result = exec("--", "hostname; echo wrong >&2").succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("node1: node1", "node2: node2", "node3: node3");
        assertThat(result.stderr()).contains("node1: wrong", "node2: wrong", "node3: wrong");
    }

    @Test
    void equalOutputIsPrintedOnceUnderTheFoldedNames() {
        assertThat(exec("-b", "--", "echo same").succeeded().stdout())
                .isEqualTo("---------------\nnode[1-3] (3)\n---------------\nsame\n");
    }

    @Test
    void theNodeThatDiffersIsShownAgainstTheOthers() {
        lab.node(2).sh("echo here >/home/pi/only");

        assertThat(exec("--diff", "--", "echo a; cat only 2>/dev/null; true")
                        .succeeded()
                        .stdout())
                .contains("--- node[1,3] (2)", "+++ node2", "+here");
    }

    @Test
    void severalWordsArriveAsTheyAre() {
        assertThat(exec("-b", "--", "printf", "%s|", "a b", "'", "$HOME", "*")
                        .succeeded()
                        .stdout())
                .contains("a b|'|$HOME|*|");
    }

    @Test
    void theHighestStatusComesBackAndItsNodesAreNamed() {
        Result result = exec("--", "[ $(hostname) = node1 ] || exit 3");

        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.stderr()).contains("error: node[2-3]: the command ended with status 3");
    }

    @Test
    void everyNodeReadsTheSameInput() {
        Result result = lab.manager()
                .run(command("-b", "--", "sha256sum").reading("x".repeat(300_000)))
                .succeeded();

        assertThat(result.stdout())
                .contains("node[1-3] (3)", lab.manager().sh("head -c 300000 /dev/zero | tr '\\0' x | sha256sum"));
    }

    @Test
    void scriptsGetOneObject() throws JsonParserException {
        JsonObject object = JsonParser.object()
                .from(exec("--json", "--", "hostname; echo e >&2; exit 4").stdout());

        JsonObject second = object.getArray("nodes").getObject(1);
        assertThat(object.getString("cluster")).isEqualTo("default");
        assertThat(second.getString("name")).isEqualTo("node2");
        assertThat(second.getInt("status")).isEqualTo(4);
        assertThat(second.getString("stdout")).isEqualTo("node2\n");
        assertThat(second.getString("stderr")).isEqualTo("e\n");
        assertThat(second.getDouble("seconds")).isPositive();
    }

    @Test
    void aNodeThatTakesTooLongIsEndedAndNamedAndTheOthersAreNot() {
        Result result = exec("--timeout", "8s", "--", "[ $(hostname) != node3 ] || sleep 4711; hostname");

        assertThat(result.exitStatus()).isEqualTo(75);
        assertThat(result.stdout()).contains("node1: node1", "node2: node2");
        assertThat(result.stderr()).contains("node3", "8s");
        assertThat(leftOn(lab.node(3), "4711")).isEmpty();
    }

    @Test
    void ctrlCEndsTheCommandEverywhere() {
        try (RunningCommand running =
                lab.manager().start(command("--", "echo begun; sleep 4712").onTerminal())) {
            running.awaitOutput("node3: begun");
            running.interrupt();
            assertThat(running.await().exitStatus()).isEqualTo(130);
        }
        assertThat(lab.nodes())
                .allSatisfy(node -> assertThat(leftOn(node, "4712")).isEmpty());
    }

    @Test
    void aKilledManagersCommandEndsEverywhere() {
        String script = "nohup sleep 4715 >/dev/null 2>&1 & sleep 4714; echo over";
        try (RunningCommand running = lab.manager().start(command("--", script))) {
            // A quick command has no life line; it is tied when it has taken 2 s.
            lab.nodes()
                    .forEach(node -> node.sh(
                            "until [ $(pgrep -c -u pi -f '^/bin/sh -c echo sciabc-') = 2 ]; do sleep 0.1; done"));
            running.signal("KILL");
            running.await().endedWith(137);
        }
        lab.nodes().forEach(node -> {
            assertThat(leftOn(node, "4714")).isEmpty();
            node.sh("until ! pgrep -u pi -f 'echo sciabc-' >/dev/null; do sleep 0.1; done");
            assertThat(node.sh("pkill -x -f 'sleep 4715' && echo detached")).isEqualTo("detached\n");
        });
    }

    @Test
    void aReaderThatLeavesEndsTheCommandEverywhere() {
        String script = "exec --user pi --expect 3 --for 20s -- 'while :; do hostname; sleep 0.4717; done'";
        Result result = lab.manager()
                .run(Command.script("set -o pipefail; " + ManagerContainer.DISTRIBUTION + "/bin/sciabc " + script
                                + " | head -n 1")
                        .as(ManagerContainer.USER));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(141);
        assertThat(result.stdout()).matches("(node\\d): \\1\n");
        assertThat(lab.nodes())
                .allSatisfy(node -> assertThat(leftOn(node, "0.4717")).isEmpty());
    }

    @Test
    void ctrlCKeepsWhatNodesHaveSaid() throws JsonParserException {
        Command slow =
                command("--json", "--", "echo said; touch /tmp/said; [ $(hostname) != node3 ] || exec sleep 4713");
        try (RunningCommand running = lab.manager().start(slow)) {
            lab.node(3).sh("until pgrep -f '^sleep 4713' >/dev/null; do sleep 0.1; done");
            // What they have said is under way to the manager then.
            lab.nodes().forEach(node -> node.sh("until [ -e /tmp/said ]; do sleep 0.1; done; sleep 0.5"));
            running.interrupt();
            Result result = running.await();

            assertThat(result.exitStatus()).isEqualTo(130);
            List<Object> nodes = JsonParser.object().from(result.stdout()).getArray("nodes");
            assertThat(((JsonObject) nodes.get(0)).getString("stdout")).isEqualTo("said\n");
            assertThat(((JsonObject) nodes.get(1)).getString("stdout")).isEqualTo("said\n");
            assertThat(((JsonObject) nodes.get(2)).getString("what")).isEqualTo("interrupted");
        }
    }

    @Test
    void withoutACommandThereIsAnExample() {
        Result result = exec();

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("no command", "sciabc exec -- uptime");
    }

    @Test
    void aFolderIsCopiedToAllNodesOnceAndComesBackFromEach() {
        lab.manager()
                .sh("mkdir -p /tmp/data && echo one >/tmp/data/a && head -c 3000000 /dev/zero >/tmp/data/b"
                        + " && chmod 755 /tmp/data/a && chmod -R a+rX /tmp/data");

        Result first = copy("/tmp/data", "work").succeeded();
        Result again = copy("/tmp/data/a", "/tmp/data/b", "work").succeeded();
        Result back = copy("--fetch", "work/*", "/tmp/results").succeeded();

        assertThat(first.stderr()).contains("node[1-3]: 2 files copied (3.0 MB)");
        assertThat(again.stderr()).contains("node[1-3]: nothing to copy, 2 the same already");
        assertThat(back.stderr()).contains("node[1-3]: 2 files copied");
        assertThat(lab.node(2).sh("stat -c '%a %U' /home/pi/work/a")).isEqualTo("755 pi\n");
        assertThat(lab.manager().sh("cmp /tmp/data/b /tmp/results/node3/b && cat /tmp/results/node1/a"))
                .isEqualTo("one\n");
    }

    @Test
    void oneFullNodeDoesNotKeepTheFilesFromTheOthers() {
        lab.node(3).sh("mkdir -p /home/pi/full && mount -t tmpfs -o size=64k,uid=$(id -u pi) full /home/pi/full");
        try {
            lab.manager().sh("head -c 200000 /dev/urandom >/tmp/large && chmod a+r /tmp/large");
            lab.nodes().subList(0, 2).forEach(node -> node.sh("mkdir -p /home/pi/full && chown pi /home/pi/full"));

            Result result = copy("/tmp/large", "full");

            assertThat(result.exitStatus()).isEqualTo(75);
            assertThat(result.stderr()).contains("node[1-2]: 1 file copied", "error: node3: ", "No space left");
            assertThat(lab.node(3).sh("ls -A /home/pi/full")).isEmpty();
        } finally {
            lab.node(3).sh("umount /home/pi/full");
        }
    }

    @Test
    void onlyTheNamedNodesAreAsked() {
        assertThat(exec("node[2-3]", "-b", "--", "hostname").succeeded().stdout())
                .doesNotContain("node1")
                .contains("node2", "node3");
    }

    /** The processes with this argument that are still there a moment later. */
    private static String leftOn(NodeContainer node, String argument) {
        return node.sh("for i in $(seq 30); do pgrep -f 'sleep " + argument
                + "' | grep -vx $$ | grep -q . || exit 0; sleep 0.1; done; pgrep -fa 'sleep " + argument + "'");
    }

    private static Result exec(String... arguments) {
        return lab.manager().run(command(arguments));
    }

    private static Result copy(String... arguments) {
        List<String> words = new ArrayList<>(List.of("copy", "--user", "pi", "--expect", "3", "--for", "20s"));
        words.addAll(List.of(arguments));
        return lab.manager().sciabc(words.toArray(String[]::new));
    }

    private static Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of("exec", "--user", "pi", "--expect", "3", "--for", "20s"));
        words.addAll(List.of(arguments));
        return lab.manager().command(words.toArray(String[]::new)).within(Duration.ofSeconds(60));
    }
}
