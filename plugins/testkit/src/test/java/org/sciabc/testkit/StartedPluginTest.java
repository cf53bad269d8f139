// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.SciabcException;

/** A plugin with a {@code Plugin-Class}, which has begun something by the time that its components are created. */
class StartedPluginTest {
    private static final String MARK = "stopped.started";
    private static final String LIFE = """
            package example;

            public class Life extends org.pf4j.Plugin {
                @Override
                public void stop() {
                    System.setProperty("stopped.started", "yes");
                    %s
                }
            }
            """;

    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(MARK);
    }

    @Test
    void isStoppedWhenItsComponentsFail() throws SciabcException {
        write("public Found() { throw new IllegalStateException(\"no network\"); }", "");

        assertThat(loaded()).isEqualTo("failed: no network");
        assertThat(System.getProperty(MARK)).isEqualTo("yes");
    }

    @Test
    void isNamedForWhatFailedFirstWhenItCannotBeStoppedEither() throws SciabcException {
        write(
                "public Found() { throw new IllegalStateException(\"no network\"); }",
                "throw new IllegalStateException(\"no end\");");

        assertThat(loaded()).isEqualTo("failed: no network");
        assertThat(System.getProperty(MARK)).isEqualTo("yes");
    }

    private void write(String members, String whenStopped) {
        Sources.discovery("started", members)
                .manifest("Plugin-Class", "example.Life")
                .source("example.Life", LIFE.formatted(whenStopped))
                .writeTo(folder);
    }

    /** What is said of the plugin. */
    private String loaded() throws SciabcException {
        try (PluginHost host = PluginHostTest.open(folder)) {
            host.describe();
            assertThat(host.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.FAILED));
            return host.problems().get(0).cause();
        }
    }
}
