// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.plugin.ComponentInfo;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.plugin.UnknownComponentException;
import org.sciabc.spi.Component;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.SciabcException;

class PluginHostTest {
    @TempDir
    Path folder;

    @Nested
    class Offering {
        @Test
        void offersWhatTheJarsInTheFolderHave() throws SciabcException {
            Sources.discovery("found").writeTo(folder);

            try (PluginHost host = open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "found");

                assertThat(backend.id()).isEqualTo("found");
                assertThat(backend.summary()).isEqualTo("finds nothing");
                assertThat(host.problems()).isEmpty();
            }
        }

        @Test
        void describesPluginsWithoutLoadingThem() {
            Sources.discovery("found", Sources.MARKS_ITS_CREATION)
                    .manifest("Plugin-Provider", "somebody")
                    .manifest("Plugin-Description", "finds it")
                    .writeTo(folder);

            try (PluginHost host = open(folder)) {
                PluginInfo plugin = host.plugins().get(0);

                assertThat(plugin.id()).isEqualTo("found");
                assertThat(plugin.version()).isEqualTo("1.0.0");
                assertThat(plugin.jar()).isEqualTo(folder.resolve("found.jar"));
                assertThat(plugin.provider()).contains("somebody");
                assertThat(plugin.description()).contains("finds it");
                assertThat(plugin.requires()).contains(">=0.1.0");
                assertThat(plugin.declared().orElseThrow()).hasToString("[discovery:found]");
                assertThat(Sources.wasCreated("found")).isFalse();
            }
        }

        @Test
        void loadsOnlyThePluginThatDeclaresWhatIsAskedFor() throws SciabcException {
            Sources.discovery("wanted", Sources.MARKS_ITS_CREATION).writeTo(folder);
            Sources.discovery("other", Sources.MARKS_ITS_CREATION).writeTo(folder);

            try (PluginHost host = open(folder)) {
                host.component(DiscoveryBackend.class, "wanted");

                assertThat(Sources.wasCreated("wanted")).isTrue();
                assertThat(Sources.wasCreated("other")).isFalse();
            }
        }

        @Test
        void findsWhatIsNotDeclared() throws SciabcException {
            Sources.discovery("silent").withoutManifest("Sciabc-Components").writeTo(folder);

            try (PluginHost host = open(folder)) {
                assertThat(host.component(DiscoveryBackend.class, "silent").id())
                        .isEqualTo("silent");
                assertThat(host.problems()).isEmpty();
            }
        }

        @Test
        void findsWhatIsDeclaredUntrulyAndSaysSo() throws SciabcException {
            Sources.discovery("real").declares("discovery:imagined").writeTo(folder);

            try (PluginHost host = open(folder)) {
                assertThat(host.component(DiscoveryBackend.class, "real").id()).isEqualTo("real");
                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.UNTRUE_DECLARATION);
                    assertThat(problem.cause()).isEqualTo("declares discovery:imagined and has discovery:real");
                });
            }
        }

        @Test
        void createsEachComponentOnce() throws SciabcException {
            Sources.discovery("found").writeTo(folder);

            try (PluginHost host = open(folder)) {
                DiscoveryBackend first = host.component(DiscoveryBackend.class, "found");

                assertThat(host.component(DiscoveryBackend.class, "found")).isSameAs(first);
                assertThat(host.components(DiscoveryBackend.class)).containsExactly(first);
            }
        }

        @Test
        void givesAllComponentsOfOneKind() throws SciabcException {
            Sources.discovery("second").writeTo(folder);
            Sources.discovery("first").writeTo(folder);

            try (PluginHost host = open(folder)) {
                assertThat(host.components(DiscoveryBackend.class))
                        .extracting(Component::id)
                        .containsExactly("first", "second");
                assertThat(host.components(JobLauncher.class)).isEmpty();
            }
        }

        @Test
        void describesComponentsWithTheirSettings() throws SciabcException {
            Sources.discovery("found", """
                            @Override
                            public java.util.List<Setting> settings() {
                                return java.util.List.of(Setting.number("port", 34343, "where to look"));
                            }
                            """).writeTo(folder);

            try (PluginHost host = open(folder)) {
                ComponentInfo component = host.describe().get(0);

                assertThat(component.offer()).hasToString("discovery:found");
                assertThat(component.plugin().id()).isEqualTo("found");
                assertThat(component.settings()).extracting("key").containsExactly("port");
            }
        }
    }

    @Nested
    class Unknown {
        @Test
        void namesTheComponentsThereAreNearestFirst() {
            Sources.discovery("static").writeTo(folder);
            Sources.discovery("zeroconf").writeTo(folder);

            try (PluginHost host = open(folder)) {
                assertThatThrownBy(() -> host.component(DiscoveryBackend.class, "zerconf"))
                        .isInstanceOfSatisfying(UnknownComponentException.class, failure -> {
                            assertThat(failure)
                                    .hasMessage("no discovery backend 'zerconf': there are zeroconf, static");
                            assertThat(failure.hint()).contains("did you mean 'zeroconf'?");
                        });
            }
        }

        @Test
        void namesJarsThatMayHaveOfferedIt() throws IOException {
            Sources.discovery("static").writeTo(folder);
            Files.writeString(folder.resolve("slurm.jar"), "no jar");

            try (PluginHost host = open(folder)) {
                assertThatThrownBy(() -> host.component(DiscoveryBackend.class, "slurm"))
                        .hasMessage("no discovery backend 'slurm': there are static;"
                                + " not usable: slurm.jar (is not a jar, or is damaged)");
            }
        }

        @Test
        void saysThatThereIsNone() {
            try (PluginHost host = open(folder.resolve("missing"))) {
                assertThatThrownBy(() -> host.component(JobLauncher.class, "openmpi"))
                        .hasMessage("no launcher 'openmpi': there is none");
                assertThat(host.problems()).isEmpty();
            }
        }

        @Test
        void keepsControlCharactersOutOfTheMessage() {
            try (PluginHost host = open(folder)) {
                assertThatThrownBy(() -> host.component(JobLauncher.class, "\u001b[31mred"))
                        .hasMessage("no launcher '[31mred': there is none");
            }
        }
    }

    @Nested
    class Doubled {
        @ParameterizedTest
        @CsvSource({"1.9.0, 1.10.0", "1.9, 1.10", "1.9.0.2, 1.10.0.1", "r99, r100", "1.0.0-rc1, 1.0.0"})
        void usesTheHigherVersionOfOnePluginInOneFolder(String lower, String higher) throws SciabcException {
            Sources.discovery("found").manifest("Plugin-Version", higher).writeTo(folder, "a-new.jar");
            Sources.discovery("found").manifest("Plugin-Version", lower).writeTo(folder, "b-old.jar");

            try (PluginHost host = open(folder)) {
                host.component(DiscoveryBackend.class, "found");

                assertThat(host.plugins()).extracting(PluginInfo::version).containsExactly(higher);
                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.DUPLICATE_PLUGIN);
                    assertThat(problem.placeName()).isEqualTo("b-old.jar");
                    assertThat(problem.cause())
                            .startsWith("is plugin found " + lower + " once more, and " + higher + " from ");
                });
            }
        }

        @Test
        void usesTheJarWhoseNameSortsFirstWhenVersionsAreEqual() {
            Sources.discovery("found").writeTo(folder, "b.jar");
            Sources.discovery("found").writeTo(folder, "a.jar");

            try (PluginHost host = open(folder)) {
                assertThat(host.plugins())
                        .extracting(plugin -> plugin.jar().getFileName().toString())
                        .containsExactly("a.jar");
            }
        }

        @Test
        void prefersTheLaterFolder(@TempDir Path users) {
            Sources.discovery("found").manifest("Plugin-Version", "2.0.0").writeTo(folder);
            Sources.discovery("found").manifest("Plugin-Version", "1.0.0").writeTo(users);

            try (PluginHost host = open(folder, users)) {
                assertThat(host.plugins()).extracting(PluginInfo::jar).containsExactly(users.resolve("found.jar"));
                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.DUPLICATE_PLUGIN);
                    assertThat(problem.severity()).isEqualTo(Severity.WARNING);
                    assertThat(problem.cause()).startsWith("has plugin found 2.0.0, and 1.0.0 from " + users);
                });
            }
        }

        @Test
        void letsTheFirstPluginKeepAComponentThatAnotherAlsoHas() throws SciabcException {
            Sources.discovery("found").writeTo(folder, "1.jar");
            Sources.discovery("found").manifest("Plugin-Id", "thief").writeTo(folder, "2.jar");

            try (PluginHost host = open(folder)) {
                assertThat(host.describe())
                        .extracting(info -> info.plugin().id())
                        .containsExactly("found");
                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.DUPLICATE_COMPONENT);
                    assertThat(problem.plugin()).contains("thief");
                });
            }
        }

        @Test
        void letsTheDeclaredComponentWinOverAnUndeclaredOne() throws SciabcException {
            Sources.discovery("found")
                    .manifest("Plugin-Id", "silent")
                    .withoutManifest("Sciabc-Components")
                    .writeTo(folder, "1.jar");
            Sources.discovery("found").writeTo(folder, "2.jar");

            try (PluginHost host = open(folder)) {
                assertThat(host.describe())
                        .extracting(info -> info.plugin().id())
                        .containsExactly("found");
                assertThat(host.component(DiscoveryBackend.class, "found"))
                        .hasToString("discovery:found of plugin found");
            }
        }
    }

    static PluginHost open(Path... folders) {
        return PluginHost.open(PluginHostRequest.of(List.of(folders)));
    }
}
