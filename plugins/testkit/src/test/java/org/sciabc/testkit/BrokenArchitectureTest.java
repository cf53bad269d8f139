// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For each rule about the classes of plugins one that breaks it. */
class BrokenArchitectureTest {
    private static volatile Path classesUnderTest = Path.of(".");

    private static final String LAUNCHER = """
            package example;
            import org.sciabc.spi.*;
            @org.pf4j.Extension
            public class Found implements JobLauncher {
                public String id() { return "found"; }
                public String summary() { return "starts by itself"; }
                public String hostfile(HostfileRequest request) { return ""; }
                public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
                    %s
                    return ExitStatus.OK;
                }
            }
            """;

    @TempDir
    Path folder;

    /** The rules, for the classes of the moment. */
    static class Contract extends ArchitectureContractTest {
        @Override
        JavaClasses read() {
            return new ClassFileImporter().importPath(classesUnderTest);
        }
    }

    @Test
    void rightClassesKeepTheRules() throws IOException {
        compile(Map.of("example.Found", Sources.found("found", "")));

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @ParameterizedTest(name = "{2}: {0}")
    @MethodSource("broken")
    void brokenClassesAreCaught(String name, String source, String test, String message) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>(Map.of("example.Found", Sources.found("found", "")));
        sources.put(name, source);
        compile(sources);

        Outcome.of(Contract.class).requireThatItFailedIn(message, test);
    }

    @Test
    void noClassesAreNoPlugin() throws IOException {
        compile(Map.of("example.Empty", "package example; public class Empty {}"));

        Outcome.of(Contract.class)
                .requireThatItFailedIn(
                        "there is no component in [org.sciabc.testkit]: override packages()",
                        "changesNothingThatAllPluginsShare",
                        "componentsAreWhatTheHostCanCreate",
                        "launchersStartProgramsThroughTheHost",
                        "leavesTheStandardStreamsAlone",
                        "neverEndsTheProgramNorWaitsForItsEnd",
                        "seesTheContractAndNothingElseOfTheHost");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                inMethod(
                        "org.sciabc.plugin.PluginHost.class.getName();",
                        "seesTheContractAndNothingElseOfTheHost",
                        "PluginHost"),
                inMethod("System.out.println(1);", "leavesTheStandardStreamsAlone", "System.out"),
                inMethod("System.console().readLine();", "leavesTheStandardStreamsAlone", "System.console"),
                inMethod("new Throwable().printStackTrace();", "leavesTheStandardStreamsAlone", "printStackTrace"),
                inMethod("System.exit(1);", "neverEndsTheProgramNorWaitsForItsEnd", "System.exit"),
                inMethod(
                        "Runtime.getRuntime().addShutdownHook(new Thread());",
                        "neverEndsTheProgramNorWaitsForItsEnd",
                        "addShutdownHook"),
                inMethod("System.setProperty(\"a\", \"b\");", "changesNothingThatAllPluginsShare", "setProperty"),
                inMethod(
                        "java.util.Locale.setDefault(java.util.Locale.ROOT);",
                        "changesNothingThatAllPluginsShare",
                        "setDefault"),
                arguments(
                        "example.Hidden",
                        Sources.found("hidden", "").replace("public class Found", "class Hidden"),
                        "componentsAreWhatTheHostCanCreate",
                        "example.Hidden"),
                arguments(
                        "example.Found",
                        LAUNCHER.formatted(
                                "try { new ProcessBuilder(\"true\").start(); } catch (java.io.IOException e) { }"),
                        "launchersStartProgramsThroughTheHost",
                        "ProcessBuilder"),
                arguments(
                        "example.Found",
                        LAUNCHER.formatted(
                                "try { Runtime.getRuntime().exec(\"true\"); } catch (java.io.IOException e) { }"),
                        "launchersStartProgramsThroughTheHost",
                        "exec"));
    }

    private static Arguments inMethod(String statement, String test, String message) {
        return arguments(
                "example.Other", "package example; class Other { void act() { " + statement + " } }", test, message);
    }

    private void compile(Map<String, String> sources) throws IOException {
        for (var entry : SourceCompiler.compile(sources, false).entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
        classesUnderTest = folder;
    }
}
