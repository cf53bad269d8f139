// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.SpiVersion;

/** For each clause about the finished jar one that breaks it. */
class BrokenPackageTest {
    private static volatile Path jarUnderTest = Path.of("none.jar");

    private static final String EXAMINED = "isFoundInOrderWithoutRunningIt";
    private static final String HOSTS = "holdsNothingThatBelongsToTheHost";
    private static final String LOADS = "loadsWithoutAProblem";
    private static final String DECLARES = "declaresItsComponents";
    private static final String PRINTS = "printsNothingWhileItIsLoaded";
    private static final String COPIES = "isNotDisturbedByACopyOfItself";

    @TempDir
    Path folder;

    /** The contract, for the jar of the moment. */
    static class Contract extends PackagedPluginContractTest {
        @Override
        protected Path jar() {
            return jarUnderTest;
        }
    }

    @Test
    void aRightJarFulfilsTheContract() {
        jarUnderTest = Sources.discovery("good").writeTo(folder);

        Outcome.of(Contract.class).requireThatAllSucceeded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenJarIsCaught(String what, PluginJar jar, String message, String[] tests) {
        jarUnderTest = jar.writeTo(folder);

        Outcome.of(Contract.class).requireThatItFailedIn(message, tests);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments(
                        "the SPI in the jar",
                        Sources.discovery("broken").classes(SpiVersion.class),
                        "in a plugin's pom they have the scope 'provided'",
                        new String[] {HOSTS, EXAMINED, LOADS, COPIES}),
                arguments(
                        "slf4j in the jar",
                        Sources.discovery("broken").entry("org/slf4j/Logger.class", ""),
                        "org/slf4j/Logger.class",
                        new String[] {HOSTS, EXAMINED, LOADS, COPIES}),
                arguments("no index", Sources.discovery("broken").withoutProcessor(), "NO_INDEX", new String[] {
                    EXAMINED, LOADS, DECLARES, COPIES
                }),
                arguments(
                        "no declaration of components",
                        Sources.discovery("broken").withoutManifest("Sciabc-Components"),
                        "Sciabc-Components in the manifest",
                        new String[] {DECLARES}),
                arguments(
                        "an untrue declaration",
                        Sources.discovery("broken").declares("discovery:other"),
                        "UNTRUE_DECLARATION",
                        new String[] {LOADS, DECLARES, COPIES}),
                arguments(
                        "a class that is missing",
                        Sources.discovery("broken", "example.Gone gone = new example.Gone();")
                                .source("example.Gone", "package example; public class Gone {}")
                                .without("example/Gone.class"),
                        "example.Gone",
                        new String[] {EXAMINED, LOADS, DECLARES, COPIES}),
                arguments(
                        "printing when it is created",
                        Sources.discovery("broken", "public Found() { System.out.println(\"here I am\"); }"),
                        "here I am",
                        new String[] {PRINTS, LOADS, COPIES, EXAMINED}),
                arguments("a thread that stays", Sources.discovery("broken", """
                                public Found() {
                                    Thread thread = new Thread(() -> {
                                        java.util.concurrent.locks.LockSupport.parkNanos(4_000_000_000L);
                                    }, "left-running");
                                    thread.setDaemon(true);
                                    thread.start();
                                }
                                """), "left-running", new String[] {
                    COPIES, LOADS
                }));
    }
}
