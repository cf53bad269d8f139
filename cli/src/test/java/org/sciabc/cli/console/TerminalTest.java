// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void jsonIsUtf8WhateverTextIs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream latin = new PrintStream(out, false, StandardCharsets.ISO_8859_1);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), latin, latin, "", Map.of());

        terminal.out().println("é");
        terminal.json("{\"name\":\"é\"}");
        terminal.flush();

        assertThat(out.toByteArray())
                .startsWith("é\n".getBytes(StandardCharsets.ISO_8859_1))
                .endsWith("{\"name\":\"é\"}\n".getBytes(StandardCharsets.UTF_8));
    }
}
