// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Subnet;

/**
 * What {@link JobLauncher} demands of its pure functions, as tests; a part of {@link LauncherContractTest}, which is what a
 * launcher's own test extends.
 */
public abstract class PureLauncherContractTest extends ComponentContractTest<JobLauncher> {
    private static final String LOCAL_USER = "ada";
    private static final List<ReadyNode> NODES = List.of(
            SampleNodes.ready("node2", "10.0.3.22", "pi", 4),
            SampleNodes.ready("node1", "10.0.3.11", LOCAL_USER, 1_200),
            SampleNodes.ready("node3", "fd00::33", "pi", 2));
    private static final String HOSTILE =
            "\u001b[31m4.1.4\u0007\r\n\u202e" + "x".repeat(4_000) + "\n/bin/sh: mpirun: not found\n";

    PureLauncherContractTest() {}

    @Test
    final void theHostfileDependsOnTheRequestAlone() throws Exception {
        HostfileRequest request = new HostfileRequest(NODES, LOCAL_USER);
        JobLauncher launcher = create();
        String text = launcher.hostfile(request);

        assertThat(launcher.hostfile(request))
                .as("the same request has to give the same text again")
                .isEqualTo(text);
        assertThat(create().hostfile(request))
                .as("the same request has to give the same text, whichever instance is asked")
                .isEqualTo(text);
        for (String language : List.of("ar-EG-u-nu-arab", "tr-TR")) {
            assertThat(elsewhere(language, launcher, request))
                    .as("the text must not depend on this machine's language or time zone, here %s", language)
                    .isEqualTo(text);
        }
    }

    @Test
    final void theHostfileKeepsTheOrderAndEndsEachLine() throws Exception {
        String text = create().hostfile(new HostfileRequest(NODES, LOCAL_USER));
        List<ReadyNode> backwards = new ArrayList<>(NODES);
        Collections.reverse(backwards);

        assertThat(text.isEmpty() || text.endsWith("\n"))
                .as("each line, the last one, too, has to end with a line feed")
                .isTrue();
        assertThat(text).as("carriage returns").doesNotContain("\r");
        assertThat(positions(text, NODES))
                .as("where the nodes stand in the text")
                .isSorted();
        assertThat(positions(create().hostfile(new HostfileRequest(backwards, LOCAL_USER)), backwards))
                .as("where the nodes stand in the text when they are given backwards")
                .isSorted();
    }

    @Test
    final void theHostfileOfNoNodesIsEmpty() throws Exception {
        assertThat(create().hostfile(new HostfileRequest(List.of(), LOCAL_USER)))
                .isEmpty();
    }

    @Test
    final void probesAreDistinctAndAlwaysTheSame() throws Exception {
        LaunchRequest request = imagined();
        JobLauncher launcher = create();
        List<Probe> probes = launcher.probes(request);

        assertThat(launcher.probes(request)).as("probes of the same request").isEqualTo(probes);
        assertThat(probes.stream().map(Probe::name).toList())
                .as("the names of the probes")
                .doesNotHaveDuplicates();
    }

    @Test
    final void checkTakesAnyAnswerAndSaysHarmlessThings() throws Exception {
        LaunchRequest request = imagined();
        JobLauncher launcher = create();
        Map<String, String> hostile =
                launcher.probes(request).stream().collect(Collectors.toMap(Probe::name, probe -> HOSTILE));
        for (Map<String, String> answers : List.of(Map.<String, String>of(), hostile)) {
            LaunchRequest ofNobody = request.withNodes(List.of(), request.networks());
            assertThat(launcher.check(new CheckRequest(ofNobody, List.of(), answers)))
                    .as("what is found where no node is asked, or has answered")
                    .allSatisfy(finding -> assertThat(finding.nodes()).isEmpty());

            CheckRequest check = new CheckRequest(request, Collections.nCopies(NODES.size(), answers));
            List<Finding> findings = launcher.check(check);

            assertThat(launcher.check(check))
                    .as("the same answers have to be judged the same again")
                    .isEqualTo(findings);
            assertThat(findings).allSatisfy(finding -> {
                assertThat(Said.wrongInPhrase(finding.what()))
                        .as("what is wrong with '%s'", finding.what())
                        .isEmpty();
                assertThat(harmless(finding.evidence()) && harmless(finding.hint()))
                        .as("what a node answered must not reach the terminal as it is: %s", finding)
                        .isTrue();
                assertThat(NODES).containsAll(finding.nodes());
            });
        }
    }

    private static boolean harmless(String text) {
        return text.isEmpty() || Said.wrongInLine(text).isEmpty();
    }

    /** Digits of another script, and the dotless i, are what {@code String.format} and {@code toUpperCase} trip over. */
    private static String elsewhere(String language, JobLauncher launcher, HostfileRequest request) {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            return launcher.hostfile(request);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    /** Where the addresses stand; a launcher that lists no addresses has no positions. */
    private static List<Integer> positions(String text, List<ReadyNode> nodes) {
        return nodes.stream()
                .map(node -> text.indexOf(node.address().getHostAddress()))
                .filter(position -> position >= 0)
                .toList();
    }

    private LaunchRequest imagined() throws Exception {
        return new LaunchRequest(
                new LaunchRequest.Job(List.of("./program"), OptionalInt.empty(), Map.of(), false),
                NODES,
                Path.of("/nowhere/nodes.txt"),
                List.of(Subnet.parse("10.0.3.0/24").orElseThrow()),
                new RemoteShell(List.of("/nowhere/remote-shell")),
                settings(),
                Path.of("/nowhere"),
                RecordingProcesses.ending());
    }
}
