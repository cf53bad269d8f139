// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.KeptPlugins;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.UnusablePluginException;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;

/** What one process does with plugins that it opens again and again. */
class KeptPluginsTest {
    private static final String LOADED = "loaded.kept";
    private static final String COUNTS_ITS_LOADING = "static { System.setProperty(\"" + LOADED
            + "\", \"\" + (Integer.getInteger(\"" + LOADED + "\", 0) + 1)); }\n" + Sources.MARKS_ITS_CREATION;

    @TempDir
    Path folder;

    private final KeptPlugins kept = KeptPlugins.forSeveralHosts();

    @AfterEach
    void forget() {
        System.clearProperty(LOADED);
        Sources.wasCreated("found");
    }

    @Test
    void classesStayAndComponentsAreCreatedAnew() throws SciabcException {
        Sources.discovery("found", COUNTS_ITS_LOADING).writeTo(folder);
        for (int time = 0; time < 3; time++) {
            assertThat(summary()).isEqualTo("finds nothing");
            assertThat(Sources.wasCreated("found")).isTrue();
        }
        assertThat(Integer.getInteger(LOADED)).isEqualTo(1);
    }

    @Test
    void aJarThatWasReplacedIsLoadedAgain() throws SciabcException, IOException {
        Path jar = Sources.discovery("found", COUNTS_ITS_LOADING).writeTo(folder);
        summary();
        Files.delete(jar);
        PluginJar.of("found")
                .declares("discovery:found")
                .source("example.Found", Sources.found("found", "").replace("finds nothing", "finds more"))
                .writeTo(folder);

        assertThat(summary()).isEqualTo("finds more");
    }

    @Test
    void aJarThatIsGoneIsGone() throws SciabcException, IOException {
        Path jar = Sources.discovery("found").writeTo(folder);
        summary();
        Files.delete(jar);

        assertThatThrownBy(this::summary).isInstanceOf(SciabcException.class).hasMessageContaining("found");
    }

    @Test
    void oneThatCannotBeUsedIsTriedAgain() throws SciabcException {
        Sources.discovery(
                        "found",
                        "public Found() { if (Integer.getInteger(\"" + LOADED + "\") == null)"
                                + " throw new IllegalStateException(\"not now\"); }")
                .writeTo(folder);

        assertThatThrownBy(this::summary)
                .isInstanceOf(UnusablePluginException.class)
                .hasMessageContaining("not now");
        System.setProperty(LOADED, "1");
        assertThat(summary()).isEqualTo("finds nothing");
    }

    /** A host that keeps nothing is what every other process has. */
    @Test
    void anotherHostHasClassesOfItsOwn() throws SciabcException {
        Sources.discovery("found", COUNTS_ITS_LOADING).writeTo(folder);
        summary();
        try (PluginHost host = PluginHost.open(PluginHostRequest.of(List.of(folder)))) {
            host.component(DiscoveryBackend.class, "found");
        }
        assertThat(Integer.getInteger(LOADED)).isEqualTo(2);
    }

    @Test
    void whatIsReadAheadIsNoMoreThanWhatJarsSayOfThemselves() throws SciabcException {
        Sources.discovery("found", COUNTS_ITS_LOADING).writeTo(folder);
        KeptPlugins ahead = KeptPlugins.readAhead(List.of(folder));

        assertThat(summary(ahead)).isEqualTo("finds nothing");
        assertThat(summary(ahead)).isEqualTo("finds nothing");
        assertThat(Integer.getInteger(LOADED)).isEqualTo(2);
    }

    @Test
    void aJarThatWasReplacedSinceItWasReadAheadIsReadAgain() throws SciabcException, IOException {
        Path jar = Sources.discovery("found").writeTo(folder);
        KeptPlugins ahead = KeptPlugins.readAhead(List.of(folder));
        summary(ahead);
        Files.delete(jar);
        PluginJar.of("found")
                .declares("discovery:found")
                .source("example.Found", Sources.found("found", "").replace("finds nothing", "finds more"))
                .writeTo(folder);

        assertThat(summary(ahead)).isEqualTo("finds more");
    }

    @Test
    void whatIsWrongWithAJarThatWasReadAheadIsSaidByTheHost() throws IOException {
        Files.writeString(folder.resolve("damaged.jar"), "no jar");
        KeptPlugins ahead = KeptPlugins.readAhead(List.of(folder, folder.resolve("missing")));

        try (PluginHost host =
                PluginHost.open(PluginHostRequest.of(List.of(folder)).keeping(ahead))) {
            assertThat(host.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.place()).hasFileName("damaged.jar"));
        }
    }

    private String summary() throws SciabcException {
        return summary(kept);
    }

    private String summary(KeptPlugins read) throws SciabcException {
        try (PluginHost host =
                PluginHost.open(PluginHostRequest.of(List.of(folder)).keeping(read))) {
            return host.component(DiscoveryBackend.class, "found").summary();
        }
    }
}
