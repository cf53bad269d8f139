// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Multicast DNS for real, in a network that has a loopback interface and nothing else: no packet of it can reach anybody. Needs
 * Linux with user namespaces.
 */
class LoopbackTest {
    private static final String NETWORK =
            "ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && exec \"$@\"";

    @BeforeAll
    static void networkCanBeMade() throws Exception {
        boolean possible = run(List.of("true")).status() == 0;
        assertThat(possible || System.getenv("CI") == null)
                .as("a network namespace can be made here")
                .isTrue();
        assumeTrue(possible, "no network namespace can be made here: multicast DNS is not tried for real");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "announcedNodeIsFoundAndItsGoodbyeIsHeard",
                "hostileMessagesAreSurvivedAndSaidOnce",
                "forgedGoodbyeIsContradicted",
                "takenPortIsSaid",
                "fiveHundredNodesAreFound",
                "interfaceThatGoesAndComesBackIsFollowed",
                "everyServiceIsListedAndWhatAStrangerSaysIsHarmless",
                "nothingIsLeftBehind"
            })
    void scenario(String name) throws Exception {
        play(name);
    }

    @Test
    void multicastThatIsNotHeardBackIsSaidTogetherWithWhatNeedsNone() throws Exception {
        boolean possible = run(List.of("iptables", "-L")).status() == 0;
        assertThat(possible || System.getenv("CI") == null)
                .as("a firewall can be made here")
                .isTrue();
        assumeTrue(possible, "no iptables here: a firewall is not tried for real");

        play("multicastThatIsNotHeardBackIsSaidTogetherWithWhatNeedsNone");
    }

    private static void play(String name) throws IOException, InterruptedException {
        Outcome outcome = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main(name),
                name));

        assertThat(outcome.status()).as(outcome.output()).isZero();
    }

    private static String main(String scenario) {
        Class<?> scenarios = LinkScenarios.NAMES.contains(scenario) ? LinkScenarios.class : LoopbackScenarios.class;
        return scenarios.getName();
    }

    private record Outcome(int status, String output) {}

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        List<String> inNetwork =
                new ArrayList<>(List.of("unshare", "--map-root-user", "--net", "sh", "-c", NETWORK, "sh"));
        inNetwork.addAll(command);
        Process process;
        try {
            process = new ProcessBuilder(inNetwork).redirectErrorStream(true).start();
        } catch (IOException noSuchProgram) {
            return new Outcome(127, String.valueOf(noSuchProgram.getMessage()));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Outcome(process.waitFor(), output);
    }
}
