// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeldParagraphsTest {
    private static final String RULE = "-".repeat(74) + "\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final HeldParagraphs held = new HeldParagraphs(out);

    @Test
    void whatAJobSaysPassesAsItComes() throws Exception {
        write("half a li");
        assertThat(said()).isEqualTo("half a li");
        write("ne\n---- a title ----\n");
        assertThat(said()).isEqualTo("half a line\n---- a title ----\n");
    }

    @Test
    void aParagraphBetweenRulesIsHeldUntilItIsReleased() throws Exception {
        write("before\n" + RULE + "ORTE has lost communication\n" + RULE + "after\n");
        assertThat(said()).isEqualTo("before\nafter\n");

        held.release();

        assertThat(said()).isEqualTo("before\nafter\n" + RULE + "ORTE has lost communication\n" + RULE);
    }

    @Test
    void oneThatDoesNotEndIsPassedOn() throws Exception {
        write(RULE);
        write("x".repeat(20_000));

        assertThat(said()).hasSize(20_000 + RULE.length());
    }

    @Test
    void nothingIsLostWhenItEndsInTheMiddle() throws Exception {
        write(RULE + "cut o");

        held.release();

        assertThat(said()).isEqualTo(RULE + "cut o");
    }

    private void write(String text) throws IOException {
        held.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
