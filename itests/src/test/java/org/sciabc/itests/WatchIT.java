// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hostfile that is watched over, and what happens to the machines that it lists. Deadlines are generous: see WatchBenchmark. */
@RequiresContainerEngine
class WatchIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String HOME = "/home/" + ManagerContainer.USER;
    private static final String FOLDER = HOME + "/kept";
    private static final String FILE = FOLDER + "/nodes.txt";

    @AutoClose
    private static Lab lab;

    private RunningCommand watching = startAnew();

    @BeforeAll
    static void bootThreeNodes() {
        lab = Lab.ofBareNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.manager().sh("install -d -o " + ManagerContainer.USER + " " + FOLDER);
    }

    @BeforeEach
    void awaitAllThree() {
        watching.awaitOutput("\"file\":\"" + FILE + "\",\"nodes\":3");
        awaitListed(1, 2, 3);
    }

    @AfterEach
    void endTheWatch() {
        watching.close();
    }

    @Test
    void anUnpluggedNodeLeavesTheHostfileAndReturnsToIt() {
        lab.node(2).unplug();
        awaitListed(1, 3);
        lab.node(2).plug();
        awaitListed(1, 2, 3);
        assertThat(events("node2")).startsWith("joined").containsSubsequence("suspect", "left", "joined");
    }

    @Test
    void aNodeThatStallsForThreeSecondsIsNotThrownOut() {
        // By itself, so that the three seconds are no more where the engine is slow. Connections are still taken, and
        // nobody speaks.
        lab.node(2)
                .sh(
                        "pkill -STOP -x sshd; pkill -STOP -x avahi-daemon; sleep 3; pkill -CONT -x sshd; pkill -CONT -x avahi-daemon");
        pass(5);
        assertThat(events("node2")).doesNotContain("left");
        assertThat(listed()).contains(lab.node(2).address());
    }

    @Test
    void aNodeThatHangsForGoodLeaves() {
        lab.node(2).freeze();
        try {
            awaitListed(1, 3);
        } finally {
            lab.node(2).thaw();
        }
        awaitListed(1, 2, 3);
    }

    @Test
    void theManagersOwnCableTakesNobodyOffTheList() {
        lab.manager().sh("ip link set eth0 down");
        try {
            watching.awaitOutput("this machine has lost its network on eth0");
            pass(8);
            assertThat(listed()).hasSize(3);
        } finally {
            lab.manager().sh("ip link set eth0 up");
        }
        lab.node(2).unplug();
        awaitListed(1, 3);
        lab.node(2).plug();
        awaitListed(1, 2, 3);
        assertThat(events("node1")).doesNotContain("left");
    }

    @Test
    void aNodeThatSaysGoodbyeLeavesAlthoughItAnswers() {
        lab.node(3).sh("rm " + NodeContainer.SERVICE_FILE);
        awaitListed(1, 2);
        assertThat(events("node3")).containsExactly("joined", "left");
        lab.node(3).announceAs2016();
        awaitListed(1, 2, 3);
    }

    @Test
    void aFolderThatCannotBeWrittenToIsSaidUntilItCan() {
        lab.manager().sh("chown root " + FOLDER);
        lab.node(2).unplug();
        watching.awaitOutput("cannot write " + FILE);
        assertThat(listed()).hasSize(3);
        lab.manager().sh("chown " + ManagerContainer.USER + " " + FOLDER);
        awaitListed(1, 3);
        watching.awaitOutput("can be written again");
        lab.node(2).plug();
        awaitListed(1, 2, 3);
    }

    @Test
    void itsEndLeavesTheHostfileAndTheNextBeginsWithIt() {
        watching.interrupt();
        assertThat(watching.await().exitStatus()).isEqualTo(130);
        assertThat(listed()).hasSize(3);
        lab.node(1).unplug();
        try {
            Result known = lab.manager().sciabc("nodes");
            assertThat(known.succeeded().stdout())
                    .containsPattern("node1 +gone")
                    .containsPattern("node2 +alive")
                    .containsPattern("node3 +alive");
            watching = start();
            awaitListed(2, 3);
        } finally {
            lab.node(1).plug();
        }
        awaitListed(1, 2, 3);
        watching.signal("TERM");
        assertThat(watching.await().exitStatus()).isEqualTo(143);
    }

    /** Without what an earlier watch has left. */
    private static RunningCommand startAnew() {
        lab.manager().sh("rm -f " + FILE);
        return start();
    }

    private static RunningCommand start() {
        return lab.manager()
                .start(lab.manager()
                        .command("watch", "--json", "--hostfile", FILE, "--user", "teacher")
                        .within(Duration.ofMinutes(2)));
    }

    private static void awaitListed(int... numbers) {
        String[] addresses = Arrays.stream(numbers)
                .mapToObj(number -> lab.node(number).address())
                .toArray(String[]::new);
        // A connection to the engine that breaks when a watch is killed is nobody's failure.
        await().dontCatchUncaughtExceptions()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(listed()).containsExactly(addresses));
    }

    private static List<String> listed() {
        return lab.manager()
                .sh("cat " + FILE + " 2>/dev/null || true")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
    }

    /** What was said of a node, in order, without what only tells more about it. */
    private List<String> events(String node) {
        return watching.stdout()
                .lines()
                .filter(line -> line.contains("\"name\":\"" + node + "\""))
                .map(line -> line.replaceFirst("^\\{\"event\":\"([a-z]+)\".*", "$1"))
                .filter(event -> !event.equals("updated"))
                .toList();
    }

    /** Time during which something has to stay as it is. */
    private static void pass(int seconds) {
        lab.manager().sh("sleep " + seconds);
    }
}
