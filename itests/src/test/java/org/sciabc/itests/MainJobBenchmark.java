// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long the steps of the main job take, beside the programs that people would use instead: whole processes, taking turns
 * in one run, on one machine. Prints a table; no time fails it. Run with {@code itests/run -Dit.test=MainJobBenchmark}.
 */
@RequiresContainerEngine
@Timeout(value = 4, unit = TimeUnit.HOURS)
class MainJobBenchmark {
    private static final int ROUNDS = 9;
    private static final String SCIABC = ManagerContainer.DISTRIBUTION + "/bin/sciabc";

    private static final String BARE_JVM = "java -cp /tmp/hello org.sciabc.itests.Hello";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void prepareThreeNodes() {
        lab = Lab.ofReadyNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
        as(
                "sciabc hostfile --user pi --expect 3 -o ~/nodes.txt; sciabc launch --hostfile ~/nodes.txt -- hostname; ssh -F ~/.local/state/sciabc/default/ssh_config "
                        + lab.node(1).address() + " true");
        copyToManager(Hello.class, "/tmp/hello");
    }

    private static void copyToManager(Class<?> program, String folder) {
        String file = program.getName().replace('.', '/') + ".class";
        try (InputStream code = Objects.requireNonNull(program.getResourceAsStream("/" + file))) {
            lab.manager()
                    .run(Command.script("f=" + folder + "/" + file + " && mkdir -p ${f%/*} && base64 -d >$f")
                            .reading(Base64.getEncoder().encodeToString(code.readAllBytes())))
                    .succeeded();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Test
    void theStepsOfTheMainJobBesideTheirPeers() {
        String mpirun = "mpirun --mca plm_rsh_agent \"ssh -F $HOME/.local/state/sciabc/default/ssh_config\" --mca"
                + " btl_tcp_if_include eth0 --mca oob_tcp_if_include eth0 --hostfile ~/nodes.txt -N 1 hostname";
        compare("sciabc version", SCIABC + " version", "a bare JVM", BARE_JVM);
        compare(
                "sciabc discover --expect 3",
                SCIABC + " discover --expect 3",
                "avahi-browse -rpt",
                "avahi-browse -rpt _sciabc._tcp");
        compare("sciabc discover --expect 3", SCIABC + " discover --expect 3", "a bare JVM", BARE_JVM);
        compare(
                "sciabc launch -n 3",
                SCIABC + " launch --hostfile ~/nodes.txt -n 3 -- hostname",
                "mpirun by hand",
                mpirun);
    }

    /** Both commands in turns; the median of each, and the ratio. */
    private static void compare(String name, String command, String peerName, String peer) {
        long[] ours = new long[ROUNDS];
        long[] theirs = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ours[round] = millis(command);
            theirs[round] = millis(peer);
        }
        long our = median(ours);
        long their = median(theirs);
        assertThat(their).isPositive();
        System.out.printf(
                "| %-28s | %5d ms | %-18s | %5d ms | %.2f |%n", name, our, peerName, their, our / (double) their);
    }

    /** The time that the command itself takes, seen from inside the manager. */
    private static long millis(String command) {
        return Long.parseLong(as("s=$(date +%s%N); { " + command
                        + "; } >/dev/null || exit 1; e=$(date +%s%N); echo $(((e - s) / 1000000))")
                .strip());
    }

    private static String as(String script) {
        return lab.manager()
                .run(Command.script("PATH=" + ManagerContainer.DISTRIBUTION + "/bin:$PATH; " + script)
                        .as(ManagerContainer.USER)
                        .with("HOME", "/home/" + ManagerContainer.USER))
                .succeeded()
                .stdout();
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
