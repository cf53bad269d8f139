// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.ExitStatus;

class HydraReportTest {
    /** As Hydra 4.0.2 writes it. */
    private static final String KILLED = "\n" + "=".repeat(83) + "\n"
            + "=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\n"
            + "=   PID 39 RUNNING AT 10.0.3.1\n"
            + "=   EXIT CODE: 9\n"
            + "=   CLEANING UP REMAINING PROCESSES\n"
            + "=   YOU CAN IGNORE THE BELOW CLEANUP MESSAGES\n"
            + "=".repeat(83) + "\n"
            + "YOUR APPLICATION TERMINATED WITH THE EXIT STRING: Killed (signal 9)\n"
            + "This typically refers to a problem with your application.\n"
            + "Please see the FAQ page for debugging suggestions\n";

    private static final String FAILED_PROXIES =
            "[proxy:0:1@node2] HYD_pmcd_pmip_control_cmd_cb (pm/pmiserv/pmip_cb.c:896): assert (!closed) failed\n"
                    + "[mpiexec@manager] HYDT_bscu_wait_for_completion (tools/bootstrap/utils/bscu_wait.c:109): one of the"
                    + " processes terminated badly; aborting\n";

    private final HydraReport report = new HydraReport();

    @Test
    void whatHydraSaysComesAfterTheJobAndBetweenBorders() throws Exception {
        String passed = passed("before\n" + KILLED + "after\n" + FAILED_PROXIES + "\nin the end");

        assertThat(passed).isEqualTo("before\nafter\n\nin the end");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        report.writeTo(said);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("-".repeat(74) + "\n=   BAD TERMINATION")
                .contains("EXIT STRING: Killed (signal 9)\n", "one of the processes terminated badly; aborting\n")
                .endsWith("-".repeat(74) + "\n");
    }

    @Test
    void whereHydraSaysNothingNothingIsAdded() throws Exception {
        String text = "=\n[not hydra] \nYOUR turn\n\n\nThis is a text\nHYDRA\n===";

        assertThat(passed(text)).isEqualTo(text);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        report.writeTo(said);
        assertThat(said.toByteArray()).isEmpty();
    }

    @Test
    void aRuleOfTheJobIsNotHydras() throws Exception {
        String rule = "=".repeat(83) + "\n";
        String text = rule + "RESULTS\n\n" + rule + "\n" + rule + rule + "YOUR turn\n" + rule;

        assertThat(passed(text)).isEqualTo(text);
        assertThat(passed(rule + KILLED + rule)).isEqualTo(rule + rule);
        assertThat(passed(rule.stripTrailing())).isEqualTo(rule.stripTrailing());
    }

    @Test
    void whatCannotBeHydrasIsNotKeptBack() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TakenLines lines = report.without(out);
        lines.write("name? ".getBytes(StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("name? ");
        String longLine = "=".repeat(3000);
        lines.write(("\n" + longLine).getBytes(StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("name? \n" + longLine);
    }

    @Test
    void aSignalIsToldFromTheStatusOfTheSameNumber() throws Exception {
        assertThat(report.statusOf(new ExitStatus(9))).isEqualTo(new ExitStatus(9));

        passed(KILLED);

        assertThat(report.statusOf(new ExitStatus(9))).isEqualTo(new ExitStatus(137));
        assertThat(report.statusOf(new ExitStatus(3))).isEqualTo(new ExitStatus(3));
    }

    @Test
    void whereProxiesFailTheNumberThatHydraNamesCounts() throws Exception {
        passed("=   EXIT CODE: 3\n" + FAILED_PROXIES);

        assertThat(report.statusOf(new ExitStatus(255))).isEqualTo(new ExitStatus(3));
    }

    /** In pieces of several sizes, as pipes bring it. */
    private String passed(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TakenLines lines = report.without(out);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < bytes.length) {
            int size = Math.min(at % 37 + 1, bytes.length - at);
            lines.write(bytes, at, size);
            at += size;
        }
        lines.finish();
        return out.toString(StandardCharsets.UTF_8);
    }
}
