// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.console.Terminal;

class TimingTest {
    private static final Instant BEGINNING = Instant.parse("2026-03-01T10:00:00Z");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            Map.of());
    private Instant now = BEGINNING;

    @Test
    void eachStageHasItsTimeAndOneThatComesAgainHasBoth() {
        try (Timing timing = new Timing(Optional.of(terminal), () -> now, BEGINNING, "start")) {
            pass(100);
            timing.stage("checks");
            pass(200);
            timing.stage("bringing files");
            pass(300);
            timing.stage("checks");
            pass(50);
        }

        assertThat(said())
                .containsSubsequence(
                        "  start                           0.100 s\n",
                        "  checks                          0.250 s\n",
                        "  bringing files                  0.300 s\n",
                        "  in all                          0.650 s\n");
    }

    @Test
    void aSecondRunIsToldApart() {
        try (Timing timing = new Timing(Optional.of(terminal), () -> now, BEGINNING, "start")) {
            timing.stage("job");
            pass(1000);
            timing.again();
            timing.stage("job");
            pass(2000);
        }

        assertThat(said())
                .containsSubsequence(
                        "  job                             1.000 s\n", "  job, run 2                      2.000 s\n");
    }

    @Test
    void itIsSaidWhenSomethingFails() {
        try (Timing timing = new Timing(Optional.of(terminal), () -> now, BEGINNING, "start")) {
            timing.stage("checks");
            pass(200);
            throw new IllegalStateException("refused");
        } catch (IllegalStateException refused) {
            assertThat(said()).contains("  checks                          0.200 s\n");
        }
    }

    private void pass(long millis) {
        now = now.plus(Duration.ofMillis(millis));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
