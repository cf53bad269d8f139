// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixedOutputTest {
    private final List<String> writes = new ArrayList<>();
    private final PrintStream terminal = new PrintStream(
            new OutputStream() {
                @Override
                public void write(int value) {
                    writes.add(Character.toString(value));
                }

                @Override
                public void write(byte[] bytes, int offset, int count) {
                    writes.add(new String(bytes, offset, count, StandardCharsets.UTF_8));
                }
            },
            true,
            StandardCharsets.UTF_8);

    @Test
    void aLineIsWrittenAtOnceSoThatNoOtherStreamCutsIt() {
        PrefixedOutput output = new PrefixedOutput(terminal, "node1");
        say(output, "one\ntw");
        say(output, "o\nthree");
        output.close();

        assertThat(writes).containsExactly("node1: one\n", "node1: two\n", "node1: three\n");
    }

    private static void say(PrefixedOutput output, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.write(bytes, 0, bytes.length);
    }
}
