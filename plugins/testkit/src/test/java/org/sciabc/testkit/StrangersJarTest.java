// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.plugin.JarReport;
import org.sciabc.plugin.PluginJarCheck;
import org.sciabc.plugin.PluginProblem.Kind;

/** What is found in a jar before any of its code has run, whoever made it. */
class StrangersJarTest {
    private static final String NO_CLASS_TO_START =
            "has the Plugin-Class example.Life, which is not a public class that extends pf4j's Plugin and has a public"
                    + " constructor without parameters";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"example.\u001b[2JFound", "example.\u202eFound", "example Found", "example/Found", "../Found"})
    void anIndexOfWhatCanBeNoClassIsRefused(String name) {
        Path jar = Sources.discovery("broken").index(name).writeTo(folder);

        JarReport report = PluginJarCheck.examine(jar);

        assertThat(report.extensions()).isEmpty();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.STALE_INDEX);
            assertThat(problem.cause())
                    .startsWith("lists in META-INF/extensions.idx what can be no class: '")
                    .doesNotContain("\u001b", "\u202e");
        });
    }

    @Test
    void aJarThatMayNotBeReadIsNotCalledDamaged() throws IOException {
        Path jar = Sources.discovery("hidden").writeTo(folder);
        Files.setPosixFilePermissions(jar, Set.of());
        assumeFalse(Files.isReadable(jar), "root may read everything");

        assertProblem(jar, Kind.UNREADABLE, "may not be read");
    }

    @Test
    void namesWithLettersOfAllLanguagesAreNames() {
        String name = "ex\u00e4mple.\u6771$Found_1";

        assertThat(PluginJarCheck.examine(
                                Sources.discovery("broken").index(name).writeTo(folder))
                        .problems())
                .extracting(problem -> problem.cause())
                .contains("lists the extension " + name + ", which is not in the jar (renamed or removed since)");
    }

    @Test
    void aPluginClassThatIsNotThereIsMissed() {
        Path jar = Sources.discovery("broken")
                .manifest("Plugin-Class", "example.Gone")
                .writeTo(folder);

        assertProblem(jar, Kind.MISSING_CLASS, "needs the class example.Gone, which is not in its jar");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class Life extends org.pf4j.Plugin {}",
                "public abstract class Life extends org.pf4j.Plugin {}",
                "public class Life {}",
                "public class Life extends Thread {}",
                "public class Life extends org.pf4j.Plugin { Life() {} }",
                "public class Life extends org.pf4j.Plugin { public Life(org.pf4j.PluginWrapper wrapper) {} }",
            })
    void aPluginClassThatCannotBeStartedIsRefused(String source) {
        assertProblem(withPluginClass(source), Kind.MANIFEST, NO_CLASS_TO_START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.pf4j.Plugin", "Base"})
    void aPluginClassIsOneByWhatItInherits(String parent) {
        Path jar = withPluginClass("public class Life extends " + parent + " {}");

        assertThat(PluginJarCheck.examine(jar).problems()).isEmpty();
    }

    @Test
    void theClassThatPf4jHasForThoseWithoutAnyIsTaken() {
        Path jar = Sources.discovery("good")
                .manifest("Plugin-Class", "org.pf4j.Plugin")
                .writeTo(folder);

        assertThat(PluginJarCheck.examine(jar).problems()).isEmpty();
    }

    private Path withPluginClass(String source) {
        return Sources.discovery("broken")
                .manifest("Plugin-Class", "example.Life")
                .source("example.Life", "package example; " + source)
                .source("example.Base", "package example; public class Base extends org.pf4j.Plugin {}")
                .writeTo(folder);
    }

    private static void assertProblem(Path jar, Kind kind, String cause) {
        JarReport report = PluginJarCheck.examine(jar);

        assertThat(report.isUsable()).isFalse();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.cause()).isEqualTo(cause);
        });
    }
}
