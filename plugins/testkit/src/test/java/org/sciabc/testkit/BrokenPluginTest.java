// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.plugin.UnusablePluginException;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SpiVersion;

/** Whatever is wrong with a jar is named, with a fix, and the plugin beside it works. */
class BrokenPluginTest {
    @TempDir
    Path folder;

    @Nested
    class Jars {
        @Test
        void thatAreNoJar() throws IOException {
            Files.writeString(folder.resolve("broken.jar"), "this is no jar");

            assertUnusable(Kind.UNREADABLE, "is not a jar, or is damaged");
        }

        @Test
        void thatAreEmpty() throws IOException {
            Files.createFile(folder.resolve("broken.jar"));

            assertUnusable(Kind.UNREADABLE, "is not a jar, or is damaged");
        }

        @Test
        void thatAreCutShort() throws IOException {
            Path jar = Sources.discovery("broken").writeTo(folder);
            byte[] bytes = Files.readAllBytes(jar);
            Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));

            assertUnusable(Kind.UNREADABLE, "is not a jar, or is damaged");
        }

        @Test
        void thatAreFolders() throws IOException {
            Files.createDirectory(folder.resolve("broken.jar"));

            assertUnusable(Kind.UNREADABLE, "is not a jar, or is damaged");
        }

        @Test
        void whoseBytesWereDamaged() throws IOException {
            Path jar = Sources.discovery("broken")
                    .withoutManifest("Sciabc-Components")
                    .writeTo(folder);
            byte[] bytes = Files.readAllBytes(jar);
            Arrays.fill(bytes, bytes.length / 4, bytes.length / 2, (byte) 0x55);
            Files.write(jar, bytes);

            assertThat(onlyProblem().severity()).isEqualTo(Severity.UNUSABLE);
        }

        @Test
        void thatAreLibraries() {
            Sources.discovery("broken").withoutManifest("Plugin-Id").writeTo(folder);

            assertUnusable(Kind.NOT_A_PLUGIN, "has no Plugin-Id in its manifest: it is not a plugin");
        }

        @Test
        void thatHaveNoVersion() {
            Sources.discovery("broken").withoutManifest("Plugin-Version").writeTo(folder);

            assertUnusable(Kind.MANIFEST, "has no Plugin-Version in its manifest");
        }

        @Test
        void whoseIdLeadsElsewhere() {
            Sources.discovery("broken")
                    .manifest("Plugin-Id", "../../etc/cron.d/x")
                    .writeTo(folder);

            assertUnusable(Kind.MANIFEST, "has a Plugin-Id that cannot be used: '../../etc/cron.d/x'");
        }

        @Test
        void thatNeedOtherPlugins() {
            Sources.discovery("broken").manifest("Plugin-Dependencies", "ssh").writeTo(folder);

            assertUnusable(
                    Kind.NOT_SELF_CONTAINED,
                    "wants other plugins (Plugin-Dependencies: ssh), and plugins do not see each other");
        }

        @Test
        void thatNeedJarsBesideThem() {
            Sources.discovery("broken").manifest("Class-Path", "../lib/x.jar").writeTo(folder);

            assertWarning(
                    Kind.NOT_SELF_CONTAINED,
                    "names jars beside it, which are not looked at (Class-Path: ../lib/x.jar)");
        }

        @Test
        void withSignatureFilesOfAMergedJar() {
            Sources.discovery("broken")
                    .entry("META-INF/BC2048KE.SF", "Signature-Version: 1.0\nSHA-256-Digest-Manifest: AAAA\n\n")
                    .entry("META-INF/BC2048KE.DSA", new byte[] {1, 2, 3})
                    .writeTo(folder);

            assertWarning(
                    Kind.SIGNATURE,
                    "carries signature files that belong to another jar, or was changed after it was signed:"
                            + " META-INF/BC2048KE.DSA, META-INF/BC2048KE.SF");
        }

        @Test
        void withAnEntryThatLeadsOut() {
            Sources.discovery("broken").entry("../../.ssh/authorized_keys", "x").writeTo(folder);

            assertUnusable(
                    Kind.UNSAFE_ENTRY, "holds an entry whose name leads out of the jar: ../../.ssh/authorized_keys");
        }

        @Test
        void withAnAbsoluteEntry() {
            Sources.discovery("broken").entry("/etc/passwd", "x").writeTo(folder);

            assertUnusable(Kind.UNSAFE_ENTRY, "holds an entry whose name leads out of the jar: /etc/passwd");
        }

        @Test
        void thatUnpackToFarMoreThanTheirSize() {
            Sources.discovery("broken").entry("zeros", new byte[64 << 20]).writeTo(folder);

            assertThat(onlyProblem().kind()).isEqualTo(Kind.BOMB);
        }

        @Test
        void whoseIndexIsEndless() {
            Sources.discovery("broken").index("x".repeat(1 << 20)).writeTo(folder);

            assertUnusable(Kind.BOMB, "has a META-INF/extensions.idx of more than 64 KiB");
        }
    }

    @Nested
    class Versions {
        @Test
        void ofANewerSpi() {
            Sources.discovery("broken").manifest("Plugin-Requires", ">=99.0.0").writeTo(folder);

            assertUnusable(Kind.SPI_VERSION, "was built for SPI >=99.0.0, and this program has " + SpiVersion.CURRENT);
        }

        @Test
        void thatCannotBeRead() {
            Sources.discovery("broken")
                    .manifest("Plugin-Requires", "the newest")
                    .writeTo(folder);

            assertUnusable(Kind.MANIFEST, "has a Plugin-Requires that cannot be read: 'the newest'");
        }

        @Test
        void thatAreNotSaid() {
            Sources.discovery("broken").withoutManifest("Plugin-Requires").writeTo(folder);

            assertWarning(Kind.SPI_VERSION, "does not say which versions of the SPI it was built for");
        }

        @Test
        void ofANewerJava() {
            Sources.discovery("broken").compiledFor(99).writeTo(folder);

            assertUnusable(
                    Kind.JAVA_VERSION,
                    "was compiled for a newer Java than this one ("
                            + Runtime.version().feature() + ")");
        }

        @Test
        void ofAnSpiWithClassesThatAreNotThere() {
            Sources.discovery("broken", "private final Object it = org.sciabc.spi.SpiVersionNext.CURRENT;")
                    .against(
                            "org.sciabc.spi.SpiVersionNext",
                            "package org.sciabc.spi; public class SpiVersionNext { public static Object CURRENT; }")
                    .writeTo(folder);

            assertUnusable(
                    Kind.SPI_VERSION,
                    "uses org.sciabc.spi.SpiVersionNext, which SPI " + SpiVersion.CURRENT + " does not have");
        }

        @Test
        void ofAnSpiWithMembersThatAreNotThere() {
            Sources.discovery("broken", "private final Object it = org.sciabc.spi.SpiVersion.next();")
                    .against(
                            "org.sciabc.spi.SpiVersion",
                            "package org.sciabc.spi; public class SpiVersion { public static Object next() { return 1; } }")
                    .writeTo(folder);

            PluginProblem problem = onlyProblem();

            assertThat(problem.kind()).isEqualTo(Kind.SPI_VERSION);
            assertThat(problem.cause())
                    .startsWith("was built against another version of the SPI than " + SpiVersion.CURRENT + ": ");
        }
    }

    @Nested
    class Extensions {
        @Test
        void withoutAnIndex() {
            Sources.discovery("broken").withoutProcessor().writeTo(folder);

            assertUnusable(Kind.NO_INDEX, "has no META-INF/extensions.idx: its extensions cannot be found");
        }

        @Test
        void withAnEmptyIndex() {
            Sources.discovery("broken").index("# Generated by PF4J").writeTo(folder);

            assertUnusable(Kind.NO_INDEX, "lists no extension in META-INF/extensions.idx");
        }

        @Test
        void thatWereRenamedSpareTheOthers() throws SciabcException {
            Sources.discovery("broken")
                    .index("example.Found", "example.FormerName")
                    .writeTo(folder);

            assertUnusable(
                    Kind.STALE_INDEX,
                    "lists the extension example.FormerName, which is not in the jar (renamed or removed since)");
            try (PluginHost host = PluginHostTest.open(folder)) {
                assertThat(host.component(DiscoveryBackend.class, "broken").id())
                        .isEqualTo("broken");
            }
        }

        @Test
        void thatImplementNoSpi() {
            PluginJar.of("broken").source("example.Found", """
                            package example;
                            @org.pf4j.Extension
                            public class Found implements org.pf4j.ExtensionPoint {}
                            """).writeTo(folder);

            assertThat(onlyProblem().kind()).isEqualTo(Kind.NOT_A_COMPONENT);
        }

        @Test
        void withoutAPublicConstructor() {
            Sources.discovery("broken", "Found() {}").writeTo(folder);

            assertThat(onlyProblem().kind()).isEqualTo(Kind.NOT_A_COMPONENT);
        }

        @Test
        void thatBringTheirOwnCopyOfTheSpi() {
            Sources.discovery("broken").classes(DiscoveryBackend.class).writeTo(folder);

            assertWarning(Kind.BUNDLED_CONTRACT, "brings its own copy of org.sciabc.spi, which is never used");
        }

        @Test
        void whoseConstructorThrows() {
            Sources.discovery("broken", "public Found() { throw new IllegalStateException(\"no network\"); }")
                    .writeTo(folder);

            assertUnusable(Kind.FAILED, "failed: no network");
        }

        @Test
        void whoseClassInitializationThrows() {
            Sources.discovery("broken", "static { if (true) throw new IllegalStateException(\"too early\"); }")
                    .writeTo(folder);

            assertUnusable(Kind.FAILED, "failed: too early");
        }

        @Test
        void thatNeedAMissingClass() {
            Sources.discovery("broken", "private final Object it = new example.Gone();")
                    .source("example.Gone", "package example; public class Gone {}")
                    .without("example/Gone.class")
                    .writeTo(folder);

            assertUnusable(Kind.MISSING_CLASS, "needs the class example.Gone, which is not in its jar");
        }

        @Test
        void thatUseHostInternals() {
            Sources.discovery("broken", "private final Object it = org.sciabc.plugin.ComponentKind.DISCOVERY;")
                    .writeTo(folder);

            assertUnusable(
                    Kind.HOST_INTERNALS, "uses org.sciabc.plugin.ComponentKind, which belongs to the host alone");
        }

        @Test
        void thatUseLibrariesOfTheHost() {
            Sources.discovery("broken", "private final Object it = com.github.zafarkhaja.semver.Version.of(1, 0, 0);")
                    .writeTo(folder);

            assertUnusable(
                    Kind.MISSING_CLASS,
                    "needs the class com.github.zafarkhaja.semver.Version, which is not in its jar");
        }

        @Test
        void thatAnswerNull() {
            PluginJar.of("broken")
                    .source("example.Found", Sources.found("x", "").replace("return \"x\"", "return null"))
                    .writeTo(folder);

            assertUnusable(
                    Kind.INVALID_COMPONENT,
                    "its component example.Found answers null about its id, summary or settings");
        }

        @Test
        void whoseIdIsInvalid() {
            PluginJar.of("broken")
                    .source("example.Found", Sources.found("Not an id!", ""))
                    .writeTo(folder);

            assertUnusable(Kind.INVALID_COMPONENT, "its component example.Found has the id 'Not an id!'");
        }

        @Test
        void whoseSettingsThrow() {
            Sources.discovery(
                            "broken",
                            "@Override public java.util.List<Setting> settings() { throw new RuntimeException(); }")
                    .writeTo(folder);

            assertUnusable(Kind.FAILED, "failed without saying why");
        }

        @Test
        void whoseSettingsHaveTheSameKeyTwice() {
            Sources.discovery("broken", """
                            @Override
                            public java.util.List<Setting> settings() {
                                return java.util.List.of(Setting.flag("a", true, ""), Setting.flag("a", false, ""));
                            }
                            """).writeTo(folder);

            assertUnusable(Kind.INVALID_COMPONENT, "its component example.Found declares the setting 'a' twice");
        }
    }

    @Nested
    class PluginClasses {
        @Test
        void whoseStartThrows() {
            withPluginClass("@Override public void start() { throw new IllegalStateException(\"no start\"); }");

            assertUnusable(Kind.FAILED, "failed: no start");
        }

        @Test
        void thatAreMissing() {
            Sources.discovery("broken").manifest("Plugin-Class", "example.Gone").writeTo(folder);

            assertUnusable(Kind.MISSING_CLASS, "needs the class example.Gone, which is not in its jar");
        }

        @Test
        void whoseStopThrowsAreNamedAndTheOthersAreStopped() throws SciabcException {
            withPluginClass("@Override public void stop() { throw new IllegalStateException(\"no stop\"); }");
            PluginHost host = PluginHostTest.open(folder);
            host.describe();

            host.close();

            assertThat(host.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.kind()).isEqualTo(Kind.FAILED);
                assertThat(problem.cause()).isEqualTo("failed: no stop while it was stopped");
            });
        }

        private void withPluginClass(String members) {
            Sources.discovery("broken")
                    .manifest("Plugin-Class", "example.Life")
                    .source(
                            "example.Life",
                            "package example; public class Life extends org.pf4j.Plugin { " + members + " }")
                    .writeTo(folder);
        }
    }

    @Test
    void aBrokenPluginThatDeclaresWhatIsAskedForSaysWhyItCannotBeUsed() {
        Sources.discovery("broken").manifest("Plugin-Requires", ">=99.0.0").writeTo(folder);

        try (PluginHost host = PluginHostTest.open(folder)) {
            assertThatThrownBy(() -> host.component(DiscoveryBackend.class, "broken"))
                    .isInstanceOf(UnusablePluginException.class)
                    .hasMessageStartingWith("cannot use plugin broken (broken.jar): was built for SPI >=99.0.0");
        }
    }

    private void assertUnusable(Kind kind, String cause) {
        assertProblem(Severity.UNUSABLE, kind, cause);
    }

    private void assertWarning(Kind kind, String cause) {
        assertProblem(Severity.WARNING, kind, cause);
    }

    private void assertProblem(Severity severity, Kind kind, String cause) {
        PluginProblem problem = onlyProblem();
        assertThat(problem.cause()).isEqualTo(cause);
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem.severity()).isEqualTo(severity);
        assertThat(problem.placeName()).isEqualTo("broken.jar");
        assertThat(problem.fix()).isNotBlank();
    }

    private PluginProblem onlyProblem() {
        Sources.discovery("good").writeTo(folder);
        try (PluginHost host = PluginHostTest.open(folder)) {
            host.describe();
            assertThat(host.component(DiscoveryBackend.class, "good").summary()).isEqualTo("finds nothing");
            List<PluginProblem> problems = host.problems();
            assertThat(problems).hasSize(1);
            return problems.get(0);
        } catch (SciabcException e) {
            throw new AssertionError(e);
        }
    }
}
