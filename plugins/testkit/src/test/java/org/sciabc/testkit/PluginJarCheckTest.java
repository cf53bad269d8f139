// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.plugin.ComponentKind;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.JarReport.Extension;
import org.sciabc.plugin.PluginJarCheck;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.plugin.PluginProblem.Severity;
import org.sciabc.spi.SpiVersion;

class PluginJarCheckTest {
    @TempDir
    Path folder;

    @Test
    void findsNothingWrongWithARightJarAndRunsNoneOfItsCode() {
        Path jar = Sources.discovery("good", Sources.MARKS_ITS_CREATION).writeTo(folder);

        JarReport report = PluginJarCheck.examine(jar);

        assertThat(report.problems()).isEmpty();
        assertThat(report.isUsable()).isTrue();
        assertThat(report.plugin()).map(plugin -> plugin.id()).contains("good");
        assertThat(report.extensions())
                .containsExactly(new Extension("example.Found", Set.of(ComponentKind.DISCOVERY)));
        assertThat(Sources.wasCreated("good")).isFalse();
    }

    @Test
    void saysThatAFileIsNoPlugin() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.jar"), "no jar");

        JarReport report = PluginJarCheck.examine(file);

        assertThat(report.plugin()).isEmpty();
        assertProblem(report, Severity.UNUSABLE, Kind.UNREADABLE, "is not a jar, or is damaged");
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertProblem(
                PluginJarCheck.examine(folder.resolve("gone.jar")), Severity.UNUSABLE, Kind.UNREADABLE, "is not there");
    }

    @Test
    void comparesEveryEntryWithItsChecksum() throws IOException {
        Path jar = Sources.discovery("broken").entry("data.txt", "some data").writeTo(folder);
        damage(jar, "data.txt");

        PluginProblem problem = PluginJarCheck.examine(jar).problems().get(0);

        assertThat(problem.kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(problem.severity()).isEqualTo(Severity.UNUSABLE);
    }

    @Test
    void refusesAnotherSpi() {
        Path jar = Sources.discovery("broken")
                .manifest("Plugin-Requires", ">=99.0.0")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.SPI_VERSION,
                "was built for SPI >=99.0.0, and this program has " + SpiVersion.CURRENT);
    }

    @Test
    void refusesAnotherJava() {
        Path jar = Sources.discovery("broken").compiledFor(99).writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.JAVA_VERSION,
                "was compiled for a newer Java than this one ("
                        + Runtime.version().feature() + "): example.Found");
    }

    @Test
    void refusesAStaleIndex() {
        Path jar = Sources.discovery("broken")
                .index("example.Found", "example.Gone")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.STALE_INDEX,
                "lists the extension example.Gone, which is not in the jar (renamed or removed since)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Found() {}", "public Found(int port) {}"})
    void refusesAComponentThatCannotBeCreated(String constructor) {
        Path jar = Sources.discovery("broken", constructor).writeTo(folder);

        assertThat(PluginJarCheck.examine(jar).problems())
                .extracting(PluginProblem::kind)
                .containsExactly(Kind.NOT_A_COMPONENT);
    }

    @Test
    void followsWhatAComponentInheritsFrom() {
        Path jar = PluginJar.of("good")
                .declares("discovery:good")
                .source(
                        "example.Base",
                        Sources.found("good", "").replace("Found", "Base").replace("@org.pf4j.Extension", ""))
                .source("example.Found", "package example; @org.pf4j.Extension public class Found extends Base {}")
                .writeTo(folder);

        JarReport report = PluginJarCheck.examine(jar);

        assertThat(report.problems()).isEmpty();
        assertThat(report.extensions()).extracting(Extension::kinds).containsExactly(Set.of(ComponentKind.DISCOVERY));
    }

    @Test
    void namesMethodsThatTheSpiDemands() {
        Path jar = PluginJar.of("broken")
                .source(
                        "example.Found",
                        "package example; @org.pf4j.Extension public class Found"
                                + " implements org.sciabc.spi.DiscoveryBackend { public String id() { return null; } }")
                .against(
                        "org.sciabc.spi.DiscoveryBackend",
                        "package org.sciabc.spi; public interface DiscoveryBackend"
                                + " extends org.pf4j.ExtensionPoint { String id(); }")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.SPI_VERSION,
                "example.Found lacks what this version of the SPI demands: announce(), summary(), watch()");
    }

    @Test
    void namesMembersOfTheSpiThatAreNotThere() {
        Path jar = Sources.discovery(
                        "broken", "Object it = SpiVersion.of(SpiVersion.NEXT); Object other = new SpiVersion(1);")
                .against(
                        "org.sciabc.spi.SpiVersion",
                        "package org.sciabc.spi; public class SpiVersion {"
                                + " public static Object NEXT; public static Object of(Object it) { return it; }"
                                + " public SpiVersion(int number) {} }")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.SPI_VERSION,
                "uses what SPI " + SpiVersion.CURRENT + " does not have: org.sciabc.spi.SpiVersion.<init>,"
                        + " org.sciabc.spi.SpiVersion.NEXT, org.sciabc.spi.SpiVersion.of");
    }

    @Test
    void acceptsEveryUseOfTheSpiThatCompiles() {
        Path jar = Sources.discovery("good", """
                        Object it(Node node, Sighting sighting, Settings settings) throws Exception {
                            Requirement.class.getName();
                            Untrusted.line("x", 3);
                            Durations.parse("5s").orElseThrow().toMillis();
                            settings.optionalText("x");
                            Subnet.class.hashCode();
                            sighting.equals(node);
                            return Setting.Type.FLAG.compareTo(Setting.Type.TEXT) + node.toString() + Feature.values().length;
                        }
                        """).writeTo(folder);

        assertThat(PluginJarCheck.examine(jar).problems()).isEmpty();
    }

    @Test
    void namesTheHostsInternals() {
        Path jar = Sources.discovery("broken", "Object it = org.sciabc.plugin.ComponentKind.DISCOVERY;")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.UNUSABLE,
                Kind.HOST_INTERNALS,
                "uses what belongs to the host alone: org.sciabc.plugin.ComponentKind");
    }

    @Test
    void namesMissingClassesOfThePluginItself() {
        Path jar = Sources.discovery("broken", "Object it() { return new library.Gone[0]; }")
                .source("library.Gone", "package library; public class Gone {}")
                .without("library/Gone.class")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.WARNING,
                Kind.MISSING_CLASS,
                "needs classes that are not in its jar, and fails where it comes to them: library.Gone");
    }

    @Test
    void passesOverWhatALibraryDoesNotFind() {
        Path jar = Sources.discovery("good", "Object it = new library.There();")
                .source("library.There", "package library; public class There { Object it() { return new Gone(); } }")
                .source("library.Gone", "package library; public class Gone {}")
                .without("library/Gone.class")
                .writeTo(folder);

        assertThat(PluginJarCheck.examine(jar).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"System.exit(1);", "Runtime.getRuntime().halt(1);"})
    void namesWhereThePluginEndsTheProgram(String call) {
        Path jar = Sources.discovery("broken", "void end() { " + call + " }").writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.WARNING,
                Kind.EXITS,
                "tries to end the program, which will be refused: example.Found");
    }

    @Test
    void namesWhereThePluginPrints() {
        Path jar = Sources.discovery("broken", "void say() { System.out.println(); }")
                .writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.WARNING,
                Kind.PRINTS,
                "may print to standard output, which is for data: example.Found");
    }

    @Test
    void comparesTheDeclarationWithWhatIsThere() {
        Path jar = Sources.discovery("broken").declares("launcher:broken").writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.WARNING,
                Kind.UNTRUE_DECLARATION,
                "declares components of the kinds launcher and has discovery");
    }

    @Test
    void namesJarsWithinTheJar() {
        Path jar = Sources.discovery("broken").entry("lib/inner.jar", "x").writeTo(folder);

        assertProblem(
                PluginJarCheck.examine(jar),
                Severity.WARNING,
                Kind.NOT_SELF_CONTAINED,
                "has jars within the jar, which are not looked into: lib/inner.jar");
    }

    @Test
    void putsTheWorstFirst() {
        Path jar = Sources.discovery("broken", "void say() { System.out.println(); }")
                .manifest("Plugin-Requires", ">=99.0.0")
                .manifest("Class-Path", "other.jar")
                .writeTo(folder);

        assertThat(PluginJarCheck.examine(jar).problems())
                .extracting(PluginProblem::kind)
                .containsExactly(Kind.SPI_VERSION, Kind.NOT_SELF_CONTAINED, Kind.PRINTS);
    }

    /** Changes the checksum that the jar's directory has for an entry: the directory is last, and has it 30 bytes before the name. */
    private static void damage(Path jar, String name) throws IOException {
        byte[] bytes = Files.readAllBytes(jar);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(name) - 30]++;
        Files.write(jar, bytes);
    }

    private static void assertProblem(JarReport report, Severity severity, Kind kind, String cause) {
        List<PluginProblem> problems = report.problems();
        assertThat(problems).extracting(PluginProblem::cause).containsExactly(cause);
        assertThat(problems.get(0).kind()).isEqualTo(kind);
        assertThat(problems.get(0).severity()).isEqualTo(severity);
        assertThat(problems.get(0).fix()).isNotBlank();
        assertThat(report.isUsable()).isEqualTo(severity == Severity.WARNING);
    }
}
