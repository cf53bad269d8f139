// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Outcome;
import org.sciabc.spi.Node;

class OutputFilesTest {
    private static final Node NODE = Node.of("node1", List.of());

    @TempDir
    private Path folder;

    @Test
    void whatANodeSaidIsKeptAndFound() {
        OutputFiles files = files();

        files.keep(outcome("E: no such package", "goodbye"));

        assertThat(files.of(NODE)).contains(folder.resolve("output/node1.txt"));
        assertThat(folder.resolve("output/node1.txt")).hasContent("E: no such package\ngoodbye\n");
    }

    @Test
    void whatANodeSaidTheLastTimeDoesNotStandForThisOne() {
        files().keep(outcome("E: no such package"));
        OutputFiles later = files();

        later.keep(outcome());

        assertThat(folder.resolve("output/node1.txt")).doesNotExist();
        assertThat(later.of(NODE)).isEmpty();
    }

    private OutputFiles files() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new OutputFiles(
                () -> folder, new Terminal(InputStream.nullInputStream(), nowhere, nowhere, "", Map.of()));
    }

    private static Outcome outcome(String... lines) {
        return new Outcome(
                NODE,
                Outcome.Result.LEFT_OUT,
                "the node took too long",
                Optional.empty(),
                0,
                List.of(),
                List.of(lines),
                Duration.ZERO);
    }
}
