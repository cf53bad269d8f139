// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The time from a cause to the hostfile: for what people and networks do to nodes, in containers. Prints a table; no time
 * fails it. Run with {@code itests/run -Dit.test=WatchBenchmark}; {@code -Dbenchmark.discovery=NAME} chooses the backend, and
 * {@code -Dbenchmark.crowd=N} how many nodes come at once.
 */
@RequiresContainerEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 4, unit = TimeUnit.HOURS)
class WatchBenchmark {
    private static final String BACKEND = System.getProperty("benchmark.discovery", "zeroconf");
    private static final int CROWD = Integer.getInteger("benchmark.crowd", 30);
    private static final boolean ZEROCONF = BACKEND.equals("zeroconf");
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int STEADY_SECONDS = 15;
    private static final String FILE = "/home/" + ManagerContainer.USER + "/nodes.txt";
    private static final String SCIABC = ManagerContainer.DISTRIBUTION + "/bin/sciabc";

    /** A kernel without netem cannot delay: then packets are only lost, on their way in and out. */
    private static final String BAD_NETWORK = """
            if tc qdisc add dev eth0 root netem delay 200ms loss 20% 2>/dev/null; then
              echo '20 % loss and 200 ms delay'
            else
              for chain in INPUT OUTPUT; do
                iptables -A $chain -m statistic --mode random --probability 0.2 -j DROP
              done
              echo '20 % loss each way (no delay: this kernel has no netem)'
            fi
            """;

    private static final String CUT_OFF = "iptables -A INPUT -j DROP; iptables -A OUTPUT -j DROP";
    private static final String GOOD_NETWORK = "tc qdisc del dev eth0 root 2>/dev/null; iptables -F";

    private static final List<String> TABLE = new ArrayList<>();
    private static final List<RunningCommand> ANNOUNCING = new ArrayList<>();

    @AutoClose
    private static Lab lab;

    private static HostfileHistory history;
    private static RunningCommand watch;

    @BeforeAll
    static void letTwoNodesBeThere() {
        lab = Lab.of(MachineImage.TOOLS, MachineImage.TOOLS, MachineImage.TOOLS);
        history = HostfileHistory.of(lab.manager(), FILE);
        watch = watch();
        announce(lab.node(1));
        announce(lab.node(2));
        settle(1, 2);
    }

    @AfterAll
    static void printTheTable() {
        System.out.println("| discovery | cause | time to the hostfile | target |");
        System.out.println("|---|---|---|---|");
        TABLE.forEach(System.out::println);
        watch.close();
        ANNOUNCING.forEach(RunningCommand::close);
        history.close();
    }

    @Test
    @Order(1)
    void joinAndCleanLeave() {
        long started = now();
        RunningCommand announcing = announce(lab.node(3));
        row("join: 'sciabc announce' starts (its own start included)", "", started, awaitListed(started, 1, 2, 3));
        long left = now();
        announcing.signal("TERM");
        row("clean leave: SIGTERM to 'sciabc announce'", "< 1 s", left, awaitListed(left, 1, 2));
    }

    @Test
    @Order(2)
    void aServiceFileOf2016() {
        if (!ZEROCONF) {
            return;
        }
        long started = now();
        lab.node(3).announceAs2016();
        row("join: Avahi service file of 2016", "", started, awaitListed(started, 1, 2, 3));
        long left = now();
        lab.node(3).sh("rm " + NodeContainer.SERVICE_FILE);
        row("clean leave: the file is removed", "< 1 s", left, awaitListed(left, 1, 2));
    }

    @Test
    @Order(3)
    void aStallAndAHang() {
        long stalled = now();
        lab.node(2).freeze();
        pass(3);
        lab.node(2).thaw();
        pass(STEADY_SECONDS);
        count(
                "stall of 3 s (docker pause, unpause)",
                "stays",
                history.lossesSince(stalled, lab.node(2).address()));
        long hung = now();
        lab.node(2).freeze();
        row("docker pause", "< 5 s", hung, awaitListed(hung, 1));
        long back = now();
        lab.node(2).thaw();
        row("docker unpause", "< 2 s", back, awaitListed(back, 1, 2));
    }

    @Test
    @Order(4)
    void anUnpluggedCable() {
        long unplugged = cause(lab.node(2), "ip link set eth0 down");
        row("interface down", "< 5 s", unplugged, awaitListed(unplugged, 1));
        long plugged = cause(lab.node(2), "ip link set eth0 up");
        row("interface up again", "< 2 s", plugged, awaitListed(plugged, 1, 2));
    }

    @Test
    @Order(5)
    void aBadNetwork() {
        long bad = now();
        String means = lab.node(2).sh(BAD_NETWORK).strip();
        pass(2 * STEADY_SECONDS);
        long losses = history.lossesSince(bad, lab.node(2).address());
        lab.node(2).sh(GOOD_NETWORK);
        count("a bad network for 30 s: " + means, "stays", losses);
        settle(1, 2);
    }

    @Test
    @Order(6)
    void partitionAndMerge() {
        long parted = cause(lab.node(1), CUT_OFF);
        lab.node(2).sh(CUT_OFF);
        row("partition: all nodes cut off, the manager is not", "< 5 s", parted, awaitListed(parted));
        long merged = cause(lab.node(1), GOOD_NETWORK);
        lab.node(2).sh(GOOD_NETWORK);
        row("merge", "< 2 s", merged, awaitListed(merged, 1, 2));
    }

    @Test
    @Order(7)
    void theManagersOwnCable() {
        long unplugged = cause(lab.manager(), "ip link set eth0 down");
        pass(STEADY_SECONDS);
        lab.manager().sh("ip link set eth0 up");
        pass(5);
        count(
                "the manager's own interface down for 15 s",
                "stays",
                history.lossesSince(unplugged, lab.node(1).address()));
    }

    @Test
    @Order(8)
    void aKilledAnnouncer() {
        RunningCommand announcing = announce(lab.node(3));
        settle(1, 2, 3);
        long killed = now();
        announcing.signal("KILL");
        pass(STEADY_SECONDS);
        count(
                "kill -9 of 'sciabc announce' on a node that lives",
                "stays",
                history.lossesSince(killed, lab.node(3).address()));
    }

    @Test
    @Order(9)
    void aPowerCut() {
        announce(lab.node(3));
        settle(1, 2, 3);
        long cut = now();
        lab.node(3).cutPower();
        row("power cut (docker kill)", "< 5 s", cut, awaitListed(cut, 1, 2));
        lab.node(3).restorePower();
        settle(1, 2, 3);
    }

    @Test
    @Order(10)
    void aRestartOfTheManager() {
        watch.signal("KILL");
        lab.manager().sh("rm " + FILE);
        assertThat(history.becomes(Set::isEmpty, LIMIT)).isTrue();
        long restarted = now();
        watch = watch();
        row(
                "kill -9 of 'sciabc watch', started again (its own start included)",
                "",
                restarted,
                awaitListed(restarted, 1, 2, 3));
    }

    @Test
    @Order(0)
    void twoClusters() {
        long started = now();
        try (RunningCommand other = lab.node(3).start(announcement("--cluster", "elsewhere"))) {
            other.awaitOutput("Ctrl-C ends it");
            pass(5);
            boolean listed = history.firstSince(
                            started, addresses -> addresses.contains(lab.node(3).address()), Duration.ofMillis(1))
                    .isPresent();
            TABLE.add("| " + BACKEND + " | a node announces itself to another cluster | "
                    + (listed ? "listed" : "never listed") + " | never listed |");
        }
    }

    @Test
    @Order(12)
    void aRogueAnnouncerAndAJoin() {
        if (!ZEROCONF) {
            return;
        }
        NodeContainer rogue = lab.add(MachineImage.READY);
        rogue.sh(
                "for i in $(seq 1000); do printf '<?xml version=\"1.0\"?><service-group><name>SupercomputerInABriefcase on"
                        + " rogue%d</name><service><type>_sciabc._tcp</type><port>34343</port><txt-record>user=root;reboot"
                        + "</txt-record></service></service-group>' $i >/etc/avahi/services/r$i.service; done");
        pass(STEADY_SECONDS);
        NodeContainer honest = lab.add(MachineImage.READY);
        long started = now();
        honest.announceAs2016();
        row(
                "join (file of 2016) beside a rogue with 1,000 names",
                "",
                started,
                awaitMatching(started, addresses -> addresses.contains(honest.address())));
        rogue.remove();
        honest.remove();
    }

    @Test
    @Order(13)
    void aCrowdAtOnce() {
        MachineImage[] images = new MachineImage[CROWD];
        Arrays.fill(images, MachineImage.READY);
        List<NodeContainer> crowd = new ArrayList<>();
        for (MachineImage image : images) {
            crowd.add(lab.add(image));
        }
        Set<String> addresses = crowd.stream().map(NodeContainer::address).collect(Collectors.toSet());
        long started = now();
        if (ZEROCONF) {
            crowd.parallelStream().forEach(NodeContainer::announceAs2016);
        } else {
            List<RunningCommand> starting =
                    crowd.stream().map(node -> node.start(announcement())).toList();
            ANNOUNCING.addAll(starting);
            starting.forEach(each -> each.awaitOutput("Ctrl-C ends it"));
            TABLE.add(String.format(
                    "| %s | %d times 'sciabc announce' until each says that it is one of the group | %.2f s | |",
                    BACKEND, CROWD, (now() - started) / 1000.0));
        }
        row(
                CROWD + " nodes announce themselves at once"
                        + (ZEROCONF ? "" : " (the starts of as many Java machines on these cores included)"),
                "",
                started,
                awaitMatching(started, listed -> listed.containsAll(addresses)));
    }

    @Test
    @Order(14)
    void whatWatchingCosts() {
        int nodes = Integer.parseInt(lab.manager().sh("wc -l < " + FILE).strip());
        long[] before = counters();
        pass(STEADY_SECONDS);
        long[] after = counters();
        double all = nodes * (double) STEADY_SECONDS;
        TABLE.add(String.format(
                "| %s | cost of watching %d nodes, a node and second, everything on the network included |"
                        + " %.1f packets and %.0f bytes sent, %.1f and %.0f received, %.2f ms of processor | |",
                BACKEND,
                nodes,
                (after[0] - before[0]) / all,
                (after[1] - before[1]) / all,
                (after[2] - before[2]) / all,
                (after[3] - before[3]) / all,
                (after[4] - before[4]) / all));
    }

    /** Packets and bytes sent, packets and bytes received, and the processor time of the watch in milliseconds. */
    private static long[] counters() {
        String script = """
                cd /sys/class/net/eth0/statistics
                cat tx_packets tx_bytes rx_packets rx_bytes
                watch=$(pgrep -u teacher -f 'java.* watch ' | head -n 1)
                ticks=$(cut -d' ' -f14,15 /proc/$watch/stat)
                echo $(( (${ticks% *} + ${ticks#* }) * 1000 / $(getconf CLK_TCK) ))
                """;
        return lab.manager().sh(script).lines().mapToLong(Long::parseLong).toArray();
    }

    private static RunningCommand watch() {
        return lab.manager()
                .start(lab.manager()
                        .command(
                                "watch",
                                "--json",
                                "--discovery",
                                BACKEND,
                                "--hostfile",
                                FILE,
                                "--user",
                                ManagerContainer.USER)
                        .within(Duration.ofHours(1)));
    }

    private static RunningCommand announce(NodeContainer node) {
        RunningCommand announcing = node.start(announcement());
        ANNOUNCING.add(announcing);
        return announcing.awaitOutput("Ctrl-C ends it");
    }

    private static Command announcement(String... more) {
        List<String> words = new ArrayList<>(List.of(SCIABC, "announce", "--discovery", BACKEND, "--user", "pi"));
        words.addAll(List.of(more));
        return Command.of(words.toArray(String[]::new)).as("pi").within(Duration.ofHours(1));
    }

    /** Does it on the machine, and returns when that was. */
    private static long cause(Machine machine, String script) {
        return Long.parseLong(machine.sh("date +%s%3N; " + script).strip());
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static void pass(int seconds) {
        lab.manager().sh("sleep " + seconds);
    }

    /** Waits until the file lists these and no others, before the next cause. */
    private static void settle(int... numbers) {
        assertThat(history.becomes(addresses(numbers)::equals, LIMIT.multipliedBy(2)))
                .isTrue();
    }

    private static Set<String> addresses(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> lab.node(number).address())
                .collect(Collectors.toSet());
    }

    private static OptionalLong awaitListed(long since, int... numbers) {
        return awaitMatching(since, addresses(numbers)::equals);
    }

    private static OptionalLong awaitMatching(long since, Predicate<Set<String>> wanted) {
        return history.firstSince(since, wanted, LIMIT);
    }

    private static void row(String cause, String target, long since, OptionalLong until) {
        String time = until.isPresent()
                ? String.format("%.2f s", (until.getAsLong() - since) / 1000.0)
                : "not within " + LIMIT.toSeconds() + " s";
        TABLE.add("| " + BACKEND + " | " + cause + " | " + time + " | " + target + " |");
        assertThat(TABLE).isNotEmpty();
    }

    private static void count(String cause, String target, long losses) {
        TABLE.add("| " + BACKEND + " | " + cause + " | " + (losses == 0 ? "stayed" : "left " + losses + " times")
                + " | " + target + " |");
    }
}
