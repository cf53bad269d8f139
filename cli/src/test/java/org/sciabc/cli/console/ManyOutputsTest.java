// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ManyOutputsTest {
    @Test
    void linesOfTwoNodesDoNotMix() {
        String shown = shown(target -> {
            PrefixedOutput first = new PrefixedOutput(target, "node1");
            PrefixedOutput second = new PrefixedOutput(target, "node2");
            write(first, "be");
            write(second, "whole\n");
            write(first, "gun\nwithout an end");
            first.close();
            second.close();
        });

        assertThat(shown).isEqualTo("node2: whole\nnode1: begun\nnode1: without an end\n");
    }

    @Test
    void aLineWithoutAnEndDoesNotFillTheMemory() {
        String shown = shown(target -> write(new PrefixedOutput(target, "n"), "x".repeat(70_000)));

        assertThat(shown).isEqualTo("n: " + "x".repeat(65_536) + "\n");
    }

    @Test
    void equalOutputIsPrintedOnceAndSilenceNotAtAll() {
        GatheredOutput gathered = gathered();

        assertThat(shown(gathered::print)).isEqualTo("""
                ---------------
                node[1,3] (2)
                ---------------
                a
                b
                ---------------
                node2
                ---------------
                a
                c
                """);
    }

    @Test
    void theOthersAreComparedWithWhatMostSaid() {
        GatheredOutput gathered = gathered();

        assertThat(shown(target -> ComparedOutput.print(gathered, target)))
                .startsWith("--- node[1,3] (2)\n+++ node2\n")
                .contains("\n a\n-b\n+c\n");
    }

    private static GatheredOutput gathered() {
        GatheredOutput gathered = new GatheredOutput();
        gathered.add("node1", "a\nb\n".getBytes(UTF_8));
        gathered.add("node2", "a\nc".getBytes(UTF_8));
        gathered.add("node3", "a\nb\n".getBytes(UTF_8));
        gathered.add("node4", new byte[0]);
        return gathered;
    }

    private static String shown(Consumer<PrintStream> printing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream target = new PrintStream(bytes, true, UTF_8);
        printing.accept(target);
        target.flush();
        return bytes.toString(UTF_8);
    }

    private static void write(PrefixedOutput output, String text) {
        try {
            output.write(text.getBytes(UTF_8));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
