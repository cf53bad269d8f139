// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.plugin.PluginFailure;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginProblem;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/** A plugin that misbehaves is contained and named. */
class ContainmentTest {
    private static final String REQUIREMENTS = """
            @Override
            public java.util.List<Requirement> requirements(RequirementsRequest request) {
                %s
                return java.util.List.of();
            }
            """;

    @TempDir
    Path folder;

    @Nested
    class Hanging {
        private static final String WAITS_FOR_EVER =
                "while (true) { try { new Object() { synchronized void w() throws Exception { wait(); } }.w(); }"
                        + " catch (Exception e) { } }";

        @Test
        void isGivenUpWithTheLineWhereItHangs() throws SciabcException {
            Sources.discovery("broken", "public Found() { if (true) " + WAITS_FOR_EVER + " }")
                    .writeTo(folder);

            PluginProblem problem = onlyProblem(Duration.ofMillis(200));

            assertThat(problem.kind()).isEqualTo(Kind.HANGS);
            assertThat(problem.cause())
                    .matches(
                            "did not come back within 200ms while example.Found was created in example.Found.*, line \\d+");
        }

        @Test
        void inStartIsGivenUp() throws SciabcException {
            Sources.discovery("broken")
                    .manifest("Plugin-Class", "example.Life")
                    .source(
                            "example.Life",
                            "package example; public class Life extends org.pf4j.Plugin { @Override public void start() { "
                                    + WAITS_FOR_EVER + " } }")
                    .writeTo(folder);

            assertThat(onlyProblem(Duration.ofMillis(200)).kind()).isEqualTo(Kind.HANGS);
        }
    }

    @Nested
    class EndingTheProgram {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "System.exit(3);",
                    "Runtime.getRuntime().exit(3);",
                    "Runtime.getRuntime().halt(3);",
                    "java.util.function.IntConsumer end = System::exit; end.accept(3);",
                    "java.util.function.IntConsumer end = Runtime.getRuntime()::halt; end.accept(3);",
                    "switch (hashCode()) { case 1: case 2: case 9: break; case 1000000: return;"
                            + " default: Runtime.getRuntime().exit(3); }",
                })
        void isRefusedWhileAComponentIsCreated(String call) throws SciabcException {
            Sources.discovery("broken", "public Found() { " + call + " }").writeTo(folder);

            PluginProblem problem = onlyProblem(Duration.ofSeconds(5));

            assertThat(problem.kind()).isEqualTo(Kind.EXITS);
            assertThat(problem.cause()).isEqualTo("tried to end the program with status 3");
        }

        @Test
        void isRefusedWhenAComponentIsUsed() throws SciabcException {
            Sources.discovery("broken", REQUIREMENTS.formatted("System.exit(3);"))
                    .writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "broken");

                assertThatThrownBy(() -> backend.requirements(request()))
                        .isInstanceOf(SciabcException.class)
                        .hasMessage("plugin broken (broken.jar) broke down in requirements:"
                                + " it tried to end the program with status 3");
            }
        }
    }

    @Nested
    @ResourceLock(Resources.SYSTEM_OUT)
    class Printing {
        private final PrintStream formerly = System.out;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private final ByteArrayOutputStream aside = new ByteArrayOutputStream();

        @BeforeEach
        void capture() {
            System.setOut(new PrintStream(data, true, StandardCharsets.UTF_8));
        }

        @AfterEach
        void release() {
            System.setOut(formerly);
        }

        @Test
        void goesAsideAndIsNamedOnce() throws SciabcException {
            Sources.discovery("broken", "public Found() { System.out.println(\"one\"); System.out.println(\"two\"); }")
                    .writeTo(folder);

            try (PluginHost host = open()) {
                host.component(DiscoveryBackend.class, "broken");
                System.out.print("data");

                assertThat(data).hasToString("data");
                assertThat(aside.toString(StandardCharsets.UTF_8).lines())
                        .containsExactly("plugin broken printed: one", "plugin broken printed: two");
                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.PRINTS);
                    assertThat(problem.plugin()).contains("broken");
                });
            }
        }

        @Test
        void fromAThreadOfThePluginGoesAsideToo() throws SciabcException {
            Sources.discovery("broken", REQUIREMENTS.formatted("""
                                    Thread printer = new Thread(() -> System.out.print("from a thread"));
                                    printer.start();
                                    try {
                                        printer.join();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    """)).writeTo(folder);

            try (PluginHost host = open()) {
                host.component(DiscoveryBackend.class, "broken").requirements(request());

                assertThat(data).hasToString("");
                assertThat(aside).hasToString("plugin broken printed: from a thread");
            }
        }

        @Test
        void isNotLookedAtAnyMoreWhenTheHostIsClosed() throws SciabcException {
            Sources.discovery("good").writeTo(folder);
            PrintStream before = System.out;

            try (PluginHost host = open()) {
                host.component(DiscoveryBackend.class, "good");
                assertThat(System.out).isNotSameAs(before);
            }

            assertThat(System.out).isSameAs(before);
        }

        private PluginHost open() {
            return PluginHost.open(PluginHostRequest.of(List.of(folder))
                    .withStray(new PrintStream(aside, true, StandardCharsets.UTF_8)));
        }
    }

    @Nested
    class Threads {
        @Test
        void thatAreStartedByAConstructorAreNamed() throws SciabcException {
            Sources.discovery("broken", """
                            public Found() {
                                Thread thread = new Thread(
                                        () -> {
                                            try {
                                                new java.util.concurrent.CountDownLatch(1).await();
                                            } catch (InterruptedException e) {
                                            }
                                        },
                                        "left-running");
                                thread.setDaemon(false);
                                thread.start();
                            }
                            """).writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                host.component(DiscoveryBackend.class, "broken");

                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.THREADS);
                    assertThat(problem.cause())
                            .isEqualTo("starts threads while it is loaded: 'left-running' (not a daemon)");
                });
            } finally {
                end("left-running");
            }
        }

        @Test
        void thatWouldKeepTheProgramAliveAreNamedWhenTheHostIsClosed() throws SciabcException {
            Sources.discovery("broken", REQUIREMENTS.formatted("""
                                    Thread thread = new Thread(
                                            () -> {
                                                try {
                                                    new java.util.concurrent.CountDownLatch(1).await();
                                                } catch (InterruptedException e) {
                                                }
                                            },
                                            "left-behind");
                                    thread.setDaemon(false);
                                    thread.start();
                                    """)).writeTo(folder);
            PluginHost host = PluginHostTest.open(folder);
            try {
                host.component(DiscoveryBackend.class, "broken").requirements(request());
                host.close();

                assertThat(host.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(Kind.THREADS);
                    assertThat(problem.cause())
                            .isEqualTo("leaves threads running that would keep the program alive: 'left-behind'");
                });
            } finally {
                end("left-behind");
            }
        }
    }

    private static void end(String threadName) {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(threadName))
                .forEach(Thread::interrupt);
    }

    @Nested
    class BreakingDown {
        @Test
        void inAMethodThatMayFailIsAFailureThatNamesThePlugin() throws SciabcException {
            Sources.discovery("broken", REQUIREMENTS.formatted("new example.Gone();"))
                    .source("example.Gone", "package example; public class Gone {}")
                    .without("example/Gone.class")
                    .writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "broken");

                assertThatThrownBy(() -> backend.requirements(request()))
                        .isInstanceOf(SciabcException.class)
                        .hasMessage("plugin broken (broken.jar) broke down in requirements:"
                                + " it needs the class example.Gone, which is not in its jar");
            }
        }

        @Test
        void inAMethodThatMayNotFailCarriesThatFailure() throws SciabcException {
            Sources.discovery(
                            "broken",
                            "@Override public boolean supports(Feature feature) { throw new IllegalStateException(\"why\"); }")
                    .writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "broken");

                assertThatThrownBy(() -> backend.supports(DiscoveryBackend.Feature.ANNOUNCE))
                        .isInstanceOfSatisfying(
                                PluginFailure.class,
                                thrown -> assertThat(thrown.failure())
                                        .hasMessage(
                                                "plugin broken (broken.jar) broke down in supports: it failed: why"));
            }
        }

        @Test
        void byAnsweringNullIsAFailure() throws SciabcException {
            Sources.discovery("broken", REQUIREMENTS.formatted("if (true) { return null; }"))
                    .writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "broken");

                assertThatThrownBy(() -> backend.requirements(request()))
                        .hasMessage("plugin broken (broken.jar) broke down in requirements: it answered null");
            }
        }

        @Test
        void inItsOwnWordsPassesUnchanged() throws SciabcException {
            Sources.discovery("good", """
                            @Override
                            public java.util.List<Requirement> requirements(RequirementsRequest request)
                                    throws SciabcException {
                                throw new SciabcException("cannot say", "no reason", "");
                            }
                            """).writeTo(folder);

            try (PluginHost host = PluginHostTest.open(folder)) {
                DiscoveryBackend backend = host.component(DiscoveryBackend.class, "good");

                assertThatThrownBy(() -> backend.requirements(request())).hasMessage("cannot say: no reason");
            }
        }
    }

    private RequirementsRequest request() {
        return new RequirementsRequest("default", Settings.defaults(List.of()), folder);
    }

    private PluginProblem onlyProblem(Duration limit) throws SciabcException {
        Sources.discovery("good").writeTo(folder);
        try (PluginHost host =
                PluginHost.open(PluginHostRequest.of(List.of(folder)).within(limit))) {
            host.describe();
            assertThat(host.component(DiscoveryBackend.class, "good").id()).isEqualTo("good");
            assertThat(host.problems()).hasSize(1);
            return host.problems().get(0);
        }
    }
}
