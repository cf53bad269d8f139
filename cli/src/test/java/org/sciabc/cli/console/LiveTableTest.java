// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveTableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void onALowTerminalItLeavesOutPlacesRatherThanGrowHigherThanItCanDrawOver() {
        LiveTable table = new LiveTable(terminal("8"), "lab", () -> Instant.EPOCH);
        table.hostfile(Path.of("nodes.txt"), 2);
        for (int i = 0; i < 4; i++) {
            table.listening("zeroconf", "eth" + i, "listening");
        }
        out.reset();
        table.draw();

        String drawn = out.toString(StandardCharsets.UTF_8);
        assertThat(drawn.lines().count()).isLessThanOrEqualTo(7);
        assertThat(drawn).contains("cluster lab", "nodes.txt: 2 nodes", "eth0").doesNotContain("eth3 ");
    }

    private Terminal terminal(String height) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(
                InputStream.nullInputStream(), stream, stream, "012", Map.of("LINES", height, "COLUMNS", "80"));
    }
}
