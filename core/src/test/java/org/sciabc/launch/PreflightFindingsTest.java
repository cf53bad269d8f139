// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;

/** What becomes of answers that machines gave, whoever asked them: the remote shell is a table of what each would say. */
class PreflightFindingsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String WARM = "/warm";
    private static final String NEW = "/new";

    /** The answers of a machine by the name of the question; this machine has no address. */
    private final Map<String, Map<String, String>> answers = new TreeMap<>();

    private final Map<String, Set<String>> tried = new ConcurrentHashMap<>();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final List<InetAddress> closed = new ArrayList<>();
    private int count = 3;

    @Test
    void littleMemoryIsAWarningWithWhatIsFree() throws Exception {
        say(address(2), PreflightProbes.MACHINE, machine("memory 40960", "cores 2", "folder", "clock 1800000000.0"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names, Finding::evidence)
                .containsExactly(tuple(Severity.WARN, "little memory is free", "node2", "40 MiB for 2 processes"));
    }

    @Test
    void whereNoTemporaryFileCanBeWrittenIsAWarning() throws Exception {
        say(address(2), PreflightProbes.MACHINE, machine("cores 2", "folder", "full /tmp", "clock 1800000000.0"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names, Finding::evidence)
                .containsExactly(tuple(Severity.WARN, "no temporary file can be written", "node2", "in /tmp"));
    }

    @Test
    void aClockThatIsWrongIsAWarningWithByHowMuch() throws Exception {
        say(address(1), PreflightProbes.MACHINE, machine("cores 2", "folder", "clock 1800000063.5"));
        say(address(3), PreflightProbes.MACHINE, machine("cores 2", "folder", "clock 1799999000.1"));

        assertThat(findings())
                .extracting(Finding::what, PreflightFindingsTest::names, Finding::evidence)
                .containsExactly(tuple(
                        "the clock is wrong", "node[1,3]", "63s ahead of this machine, 999s behind this machine"));
    }

    @Test
    void aFolderThatIsOnSomeNodesOnlyIsAWarning() throws Exception {
        say(address(3), PreflightProbes.MACHINE, machine("cores 2", "clock 1800000000.0"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names)
                .containsExactly(tuple(Severity.WARN, "the folder that you are in is missing", "node3"));
    }

    @Test
    void moreSlotsThanCoresAreAWarning() throws Exception {
        say(address(1), PreflightProbes.MACHINE, machine("cores 1", "folder", "clock 1800000000.0"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names, Finding::evidence)
                .containsExactly(
                        tuple(Severity.WARN, "there are more slots than cores", "node1", "2 slots on 1 cores"));
    }

    @Test
    void aFirewallIsToldFromAMissingWayByThePortOfSsh() throws Exception {
        say(address(1), PreflightProbes.LINKS, address(2) + " tried\n" + address(2) + " ssh-open\n" + refused(3));
        say(address(3), PreflightProbes.LINKS, refused(1) + address(2) + " tried\n" + address(2) + " high-closed");

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names, Finding::evidence)
                .containsExactly(
                        tuple(Severity.STOP, "a firewall is in the way", "node2", "no connection from node1 to node2"),
                        tuple(
                                Severity.STOP,
                                "nodes cannot connect to each other",
                                "node2",
                                "no connection from node3 to node2"));
    }

    @Test
    void whereOneCouldTryNothingTheOthersCount() throws Exception {
        say(address(1), PreflightProbes.LINKS, "");

        assertThat(findings()).isEmpty();
    }

    @Test
    void whereNobodyCouldTryTheNetworkIsNotVerified() throws Exception {
        for (int number = 1; number <= count; number++) {
            say(address(number), PreflightProbes.LINKS, "");
        }

        assertThat(findings())
                .extracting(Finding::severity, Finding::what)
                .containsExactly(tuple(Severity.WARN, "the network was not verified"));
    }

    @Test
    void aConnectionFromAnAddressThatIsNotOursIsTranslated() throws Exception {
        say(address(2), PreflightProbes.MACHINE, machine("cores 2", "folder", "clock 1800000000.0", "seen 192.0.2.7"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what, PreflightFindingsTest::names)
                .contains(tuple(Severity.WARN, "addresses are translated on the way", "node2"));
    }

    @Test
    void machinesWithoutACommonNetworkAreAWarning() throws Exception {
        say(address(2), PreflightProbes.NETWORKS, network("192.0.2.2/24"));

        assertThat(findings())
                .extracting(Finding::severity, Finding::what)
                .containsExactly(tuple(Severity.WARN, "the nodes and this machine share no network"));
    }

    @Test
    void theNetworkThatWasNamedMayHaveThisMachineAsANode() throws Exception {
        Subnet network = Subnet.parse("10.9.0.0/24").orElseThrow();
        say("", PreflightProbes.NETWORKS, network(address(2) + "/24"));
        Preflight.Result result = preflight()
                .run(request(), new Preflight.Wanted(false, List.of(network)), EarlierAnswers.NONE, () -> {});

        assertThat(result.findings()).isEmpty();
        assertThat(result.networks()).containsExactly(network);
    }

    @Test
    void anotherNetworkThanTheOneOfTheNodesAddressesMayHaveThisMachineAsANode() throws Exception {
        Subnet network = Subnet.parse("192.0.2.0/24").orElseThrow();
        for (int number = 1; number <= count; number++) {
            say(address(number), PreflightProbes.NETWORKS, twoNetworks(number));
            say(address(number), PreflightProbes.LINKS, "192.0.2.2 tried\n192.0.2.2 high-open\n");
        }
        say("", PreflightProbes.NETWORKS, twoNetworks(2));
        Preflight.Result result = preflight()
                .run(request(), new Preflight.Wanted(false, List.of(network)), EarlierAnswers.NONE, () -> {});

        assertThat(result.findings()).isEmpty();
        assertThat(result.networks()).containsExactly(network);
    }

    private static String twoNetworks(int number) {
        return network(address(number) + "/24") + "interface eth1 1 up\n3: eth1    inet 192.0.2." + number
                + "/24 scope global eth1\n";
    }

    @Test
    void upToEightNodesTryAllPairsAndMoreTryTheirNeighbours() throws Exception {
        count = 8;
        findings();
        assertThat(tried.get(address(5)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 8)
                        .filter(number -> number != 5)
                        .mapToObj(PreflightFindingsTest::address)
                        .toList());
        count = 9;
        findings();
        assertThat(tried.get(address(5))).containsExactly(address(4), address(6));
    }

    @Test
    void aNodeThatIsSilentOverAnOldConnectionIsAskedOverANewOne() throws Exception {
        hanging.add(address(2));

        assertThat(findings()).isEmpty();
        assertThat(closed).extracting(InetAddress::getHostAddress).containsExactly(address(2));
    }

    @Test
    void whoJoinsAndDoesNotFitIsLeftOutWithTheReason() throws Exception {
        count = 4;
        say(address(2), VersionLauncher.PROBE, "build 5");
        say(address(4), PreflightProbes.fileProbe(0), "absent");
        LaunchRequest draft = request();

        assertThat(misfits(draft, 1, false))
                .isEqualTo(Map.of(
                        "node2",
                        "it has build 5, x86_64, Linux",
                        "node4",
                        "'job' is missing: it is on node[1,3] and on this machine"));
        // What is wrong with the others already is not the newcomer's fault, and what it lacks is going to be brought.
        assertThat(misfits(draft, 3, true)).isEmpty();
    }

    private Map<String, String> misfits(LaunchRequest draft, int from, boolean brings) throws Exception {
        Map<String, String> reasons = new TreeMap<>();
        new Admission(preflight())
                .misfits(draft, draft.nodes().subList(from, count), brings)
                .forEach((node, why) -> reasons.put(node.node().name(), why));
        return reasons;
    }

    private List<Finding> findings() throws Exception {
        return preflight()
                .run(request(), new Preflight.Wanted(false, List.of()), EarlierAnswers.NONE, () -> {})
                .findings();
    }

    private Preflight preflight() {
        return new Preflight(new VersionLauncher(), Path.of("/work"), InstantSource.fixed(NOW), new OneNewConnection());
    }

    private LaunchRequest request() {
        List<ReadyNode> nodes = IntStream.rangeClosed(1, count)
                .mapToObj(PreflightFindingsTest::node)
                .toList();
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("job"), OptionalInt.empty(), Map.of(), false),
                nodes,
                Path.of("nodes.txt"),
                List.of(),
                new RemoteShell(List.of(WARM)),
                Settings.defaults(List.of()),
                Path.of("state"),
                (command, environment, streams) -> answer(command, streams));
    }

    private ExitStatus answer(List<String> command, CommandStreams streams) throws InterruptedException {
        String address = command.size() == 1 ? "" : command.get(1);
        if (command.get(0).equals(WARM) && hanging.contains(address)) {
            new CountDownLatch(1).await();
        }
        try {
            String script = new String(streams.in().readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder said = new StringBuilder();
            usual(address).forEach((name, answer) -> {
                said.append("\n@@sciabc ").append(name).append("@@\n");
                said.append(said(address, name, answer));
            });
            tried.put(address, targets(script));
            streams.out().write((said + "\n@@sciabc end@@\n").getBytes(StandardCharsets.UTF_8));
            return ExitStatus.OK;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Set<String> targets(String script) {
        Set<String> targets = new TreeSet<>();
        for (int number = 1; number <= count; number++) {
            if (script.contains(address(number) + ",")) {
                targets.add(address(number));
            }
        }
        return targets;
    }

    private String said(String address, String question, String usual) {
        return answers.getOrDefault(address, Map.of()).getOrDefault(question, usual);
    }

    /** What a machine says where all is well. */
    private Map<String, String> usual(String address) {
        StringBuilder links = new StringBuilder();
        for (int number = 1; number <= count; number++) {
            if (!address.equals(address(number))) {
                links.append(refused(number));
            }
        }
        return new TreeMap<>(Map.of(
                PreflightProbes.MACHINE,
                machine("memory 4096000", "cores 2", "folder", "clock 1800000000.0", "seen 10.9.0.100"),
                PreflightProbes.NETWORKS,
                network((address.isEmpty() ? "10.9.0.100" : address) + "/24"),
                PreflightProbes.fileProbe(0),
                "path /usr/bin/job\nexecutable\nhead 2321",
                PreflightProbes.LINKS,
                links.toString(),
                VersionLauncher.PROBE,
                "build 4"));
    }

    private void say(String address, String question, String answer) {
        answers.computeIfAbsent(address, first -> new TreeMap<>()).put(question, answer);
    }

    private static String machine(String... lines) {
        return "kernel Linux\narch x86_64\n" + String.join("\n", lines) + "\n";
    }

    private static String network(String address) {
        return "interface eth0 1 up\n2: eth0    inet " + address + " scope global eth0\n";
    }

    private static String refused(int number) {
        return address(number) + " tried\n" + address(number) + " high-open\n";
    }

    private static String names(Finding finding) {
        return Unreachable.names(finding.nodes());
    }

    private static String address(int number) {
        return "10.9.0." + number;
    }

    private static ReadyNode node(int number) {
        var address = Subnet.parse(address(number)).orElseThrow().base();
        return new ReadyNode(Node.of("node" + number, List.of(address)), address, "pi", 2);
    }

    /** All connections are old. */
    private final class OneNewConnection implements KeptConnections {
        @Override
        public Set<InetAddress> openedBefore(Instant moment) {
            assertThat(moment).isEqualTo(NOW);
            return Set.of(node(2).address());
        }

        @Override
        public RemoteShell another(Set<InetAddress> nodes) {
            return new RemoteShell(List.of(NEW));
        }

        @Override
        public void close(Set<InetAddress> nodes) {
            closed.addAll(nodes);
        }
    }
}
