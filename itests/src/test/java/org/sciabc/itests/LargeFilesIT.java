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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large file whose way to a node, or from it, is cut off in the middle. */
@RequiresContainerEngine
class LargeFilesIT {
    private static final long SIZE = 200_000_000;

    /** Protocols and encryption put some percent on top; a file that went twice would double it. */
    private static final long OVERHEAD = 10_000_000;

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootMachines() {
        lab = Lab.ofBareNodes(2);
        lab.nameTheNodes();
        String key = lab.manager().makeKey();
        lab.nodes().forEach(node -> node.letIn(key));
    }

    @BeforeEach
    void makeFiles() {
        lab.manager()
                .sh("rm -rf /tmp/large /tmp/got; head -c " + SIZE + " /dev/urandom >/tmp/large"
                        + " && chmod 644 /tmp/large");
        lab.nodes().forEach(node -> node.sh("rm -rf /home/pi/data; install -d -o pi -g pi /home/pi/data"));
    }

    @Test
    void afterAKilledManagerOnlyTheRestIsSent() throws JsonParserException {
        killDuring(copy("/tmp/large", "data"), lab.node(1), "/home/pi/data");
        assertThat(lab.node(1).sh("ls /home/pi/data")).as("under its own name").isEmpty();

        long before = sent();
        JsonObject node = onlyNode(lab.manager().run(copy("--json", "/tmp/large", "data")));
        long sent = sent() - before;

        assertThat(node.getLong("resumed")).isBetween(20_000_000L, SIZE);
        assertThat(sent).isLessThan(SIZE - node.getLong("resumed") + OVERHEAD);
        assertSame(lab.node(1).sh("sha256sum </home/pi/data/large"));
        assertThat(lab.node(1).sh("ls -A /home/pi/data; stat -c '%a %U' /home/pi/data/large"))
                .isEqualTo("large\n644 pi\n");
    }

    @Test
    void aSourceThatChangedMeanwhileIsSentWhole() throws JsonParserException {
        killDuring(copy("/tmp/large", "data"), lab.node(1), "/home/pi/data");
        lab.manager().sh("printf x | dd of=/tmp/large bs=1 seek=1000 conv=notrunc 2>/dev/null");

        JsonObject node = onlyNode(lab.manager().run(copy("--json", "/tmp/large", "data")));

        assertThat(node.getLong("resumed")).isZero();
        assertSame(lab.node(1).sh("sha256sum </home/pi/data/large"));
        assertThat(lab.node(1).sh("ls -A /home/pi/data")).isEqualTo("large\n");
    }

    @Test
    void aNodeWithoutPowerGoesOnWithWhatItsDiskHas() throws JsonParserException {
        NodeContainer node = lab.node(2);
        Command copying = command("node2", "/tmp/large", "data");
        try (RunningCommand running = lab.manager().start(copying)) {
            node.sh(until("/home/pi/data"));
            node.cutPower();
            assertThat(running.await().exitStatus()).isEqualTo(69);
        }
        node.restorePower();

        JsonObject copied = onlyNode(lab.manager().run(command("node2", "--json", "/tmp/large", "data")));

        assertThat(copied.getLong("resumed")).isBetween(20_000_000L, SIZE);
        assertSame(node.sh("sha256sum </home/pi/data/large"));
        assertThat(node.sh("ls -A /home/pi/data")).isEqualTo("large\n");
    }

    /** Its server waits for hours: what holds the part is still there. */
    @Test
    void aNodeWhoseCableWasOutGoesOn() throws JsonParserException {
        NodeContainer node = lab.node(1);
        try (RunningCommand running = lab.manager().start(copy("/tmp/large", "data"))) {
            node.sh(until("/home/pi/data"));
            node.unplug();
            running.signal("KILL");
            running.await().endedWith(137);
        }
        node.plug();

        JsonObject copied = onlyNode(lab.manager().run(copy("--json", "/tmp/large", "data")));

        assertThat(copied.getLong("resumed")).isBetween(20_000_000L, SIZE);
        assertSame(node.sh("sha256sum </home/pi/data/large"));
    }

    @Test
    void ctrlCAndAgainGoesOn() {
        try (RunningCommand running =
                lab.manager().start(copy("/tmp/large", "data").onTerminal())) {
            lab.node(1).sh(until("/home/pi/data"));
            running.interrupt();
            running.await().endedWith(130);
        }

        Result again = lab.manager().run(copy("/tmp/large", "data")).succeeded();

        assertThat(again.stderr())
                .containsPattern("node1: 1 file copied \\(200.0 MB, of which [0-9.]+ MB had come before\\)");
        assertSame(lab.node(1).sh("sha256sum </home/pi/data/large"));
        assertThat(lab.node(1).sh("ls -A /home/pi/data")).isEqualTo("large\n");
    }

    @Test
    void afterAKilledManagerOnlyTheRestIsFetched() throws JsonParserException {
        lab.manager().run(copy("/tmp/large", "data")).succeeded();
        killDuring(copy("--fetch", "data/large", "/tmp/got"), lab.manager(), "/tmp/got/node1");
        assertThat(lab.manager().sh("ls /tmp/got/node1"))
                .as("under its own name")
                .isEmpty();

        long before = received();
        JsonObject node = onlyNode(lab.manager().run(copy("--json", "--fetch", "data/large", "/tmp/got")));
        long received = received() - before;

        assertThat(node.getLong("resumed")).isBetween(20_000_000L, SIZE);
        assertThat(received).isLessThan(SIZE - node.getLong("resumed") + OVERHEAD);
        assertSame(lab.manager().sh("sha256sum </tmp/got/node1/large"));
        assertThat(lab.manager().sh("ls -A /tmp/got/node1; stat -c '%a %U' /tmp/got/node1/large"))
                .isEqualTo("large\n644 teacher\n");
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedWhole() throws JsonParserException {
        lab.manager().run(copy("/tmp/large", "data")).succeeded();
        killDuring(copy("--fetch", "data/large", "/tmp/got"), lab.manager(), "/tmp/got/node1");
        String change = "printf x | dd of=%s bs=1 seek=1000 conv=notrunc 2>/dev/null";
        lab.node(1).sh(change.formatted("/home/pi/data/large"));
        lab.manager().sh(change.formatted("/tmp/large"));

        JsonObject node = onlyNode(lab.manager().run(copy("--json", "--fetch", "data/large", "/tmp/got")));

        assertThat(node.getLong("resumed")).isZero();
        assertSame(lab.manager().sh("sha256sum </tmp/got/node1/large"));
        assertThat(lab.manager().sh("ls -A /tmp/got/node1")).isEqualTo("large\n");
    }

    private static void killDuring(Command copying, Machine receiver, String folder) {
        try (RunningCommand running = lab.manager().start(copying)) {
            // Nothing goes on before the end comes, however fast the machine is.
            receiver.sh(until(folder) + "; pkill -STOP -u pi; pkill -STOP -x java; true");
            running.signal("KILL");
            running.await().endedWith(137);
        }
        receiver.sh("pkill -CONT -u pi; true");
    }

    private static String until(String folder) {
        return "until find " + folder
                + " -name '.sciabc-part-*' -size +30000k 2>/dev/null | grep -q .; do sleep 0.01; done";
    }

    private static void assertSame(String sum) {
        assertThat(sum).isEqualTo(lab.manager().sh("sha256sum </tmp/large"));
    }

    private static long sent() {
        return statistic("tx_bytes");
    }

    private static long received() {
        return statistic("rx_bytes");
    }

    private static long statistic(String name) {
        return Long.parseLong(
                lab.manager().sh("cat /sys/class/net/eth0/statistics/" + name).strip());
    }

    private static JsonObject onlyNode(Result result) throws JsonParserException {
        return JsonParser.object()
                .from(result.succeeded().stdout())
                .getArray("nodes")
                .getObject(0);
    }

    private static Command copy(String... arguments) {
        List<String> words = new ArrayList<>(List.of("node1"));
        words.addAll(List.of(arguments));
        return command(words.toArray(String[]::new));
    }

    private static Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "copy",
                "--user",
                "pi",
                "--discovery",
                "static",
                "--set",
                "static.nodes=node[1-2]",
                "--accept-new-host-keys"));
        words.addAll(List.of(arguments));
        return lab.manager().command(words.toArray(String[]::new)).within(Duration.ofSeconds(90));
    }
}
