// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/** What plugins throw where nothing can be done about it is named all the same, with where it came from. */
class BrokenEndTest {
    private static final String REFUSES = "throw new SciabcException(\"cannot announce\", \"not supported\", \"\");";

    @TempDir
    Path folder;

    @Test
    void anAnnouncementThatCannotBeClosedIsNamedOnce() throws Exception {
        String announces = """
                return new Announcement() {
                    @Override
                    public java.util.List<String> told() {
                        return java.util.List.of();
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("no goodbye");
                    }
                };
                """;
        PluginJar.of("broken")
                .declares("discovery:broken")
                .source("example.Found", Sources.found("broken", "").replace(REFUSES, announces))
                .writeTo(folder);

        try (PluginHost host = PluginHostTest.open(folder)) {
            Announcement announcement = host.component(DiscoveryBackend.class, "broken")
                    .announce(new AnnounceRequest(
                            Node.of("here", List.of()), Settings.defaults(List.of()), List.of(), folder, notice -> {}));
            announcement.close();
            announcement.close();

            assertThat(host.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.kind()).isEqualTo(Kind.FAILED);
                assertThat(problem.severity()).isEqualTo(Severity.WARNING);
                assertThat(problem.plugin()).contains("broken");
                assertThat(problem.cause())
                        .isEqualTo("broke down when what it had opened was closed: it failed: no goodbye");
                assertThat(host.cause(problem))
                        .hasValueSatisfying(
                                cause -> assertThat(cause).hasRootCauseInstanceOf(IllegalStateException.class));
            });
        }
    }

    @Test
    void whatAConstructorThrowsIsKept() throws SciabcException {
        Sources.discovery("broken", "public Found() { throw new IllegalStateException(\"no network\"); }")
                .writeTo(folder);

        try (PluginHost host = PluginHostTest.open(folder)) {
            host.describe();

            assertThat(host.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(host.cause(problem))
                            .hasValueSatisfying(cause -> assertThat(cause).hasRootCauseMessage("no network")));
        }
    }
}
