// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** The other JVM's side of {@link OwnNetwork}: runs a test class, and writes down how each test ended. */
final class OwnNetworkRun implements TestExecutionListener {
    private final Path report;

    private OwnNetworkRun(Path report) {
        this.report = report;
    }

    /**
     * How one test ended.
     *
     * @param status that of JUnit, or SKIPPED
     * @param name the test
     * @param reason why it failed, was aborted or skipped; empty otherwise
     */
    record Outcome(String status, String name, String reason) {
        private String line() {
            return status + " " + encoded(name) + " " + encoded(reason) + "\n";
        }

        private static Outcome of(String line) {
            String[] words = line.split(" ", -1);
            return new Outcome(words[0], decoded(words[1]), decoded(words[2]));
        }

        /** Ends as the test did. */
        void repeat() {
            switch (status) {
                case "SUCCESSFUL" -> {}
                case "FAILED" -> throw new AssertionError(reason);
                default -> throw new TestAbortedException(reason);
            }
        }
    }

    /** Runs the class that is the first argument, and writes into the file that is the second. */
    public static void main(String[] arguments) throws ClassNotFoundException {
        Launcher launcher = LauncherFactory.create();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(Class.forName(arguments[0])))
                        .configurationParameter("junit.jupiter.execution.timeout.default", "120 s")
                        .build(),
                new OwnNetworkRun(Path.of(arguments[1])));
    }

    static List<Outcome> read(Path report) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(report)) {
            outcomes.add(Outcome.of(line));
        }
        return outcomes;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        write(new Outcome("SKIPPED", test.getDisplayName(), reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
        if (test.isTest() || failed) {
            String reason = result.getThrowable().map(OwnNetworkRun::text).orElse("");
            write(new Outcome(result.getStatus().name(), test.getDisplayName(), reason));
        }
    }

    private void write(Outcome outcome) {
        try {
            Files.writeString(report, outcome.line(), StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
