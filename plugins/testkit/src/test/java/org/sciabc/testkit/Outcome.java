// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What came of a contract: which of its tests failed, with which message. */
final class Outcome implements TestExecutionListener {
    private final Map<String, String> failures = new TreeMap<>();
    private int run;

    private Outcome() {}

    /** Runs all tests of that class. */
    static Outcome of(Class<?> contract) {
        Outcome outcome = new Outcome();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(contract))
                                .configurationParameter("junit.jupiter.execution.timeout.default", "60 s")
                                .build(),
                        outcome);
        assertThat(outcome.run).as("tests of " + contract).isGreaterThan(5);
        return outcome;
    }

    Map<String, String> failures() {
        return failures;
    }

    void requireThatAllSucceeded() {
        assertThat(failures).isEmpty();
    }

    /** Fails unless exactly these tests failed, the first of them with this text in its message. */
    void requireThatItFailedIn(String text, String... tests) {
        assertThat(failures.keySet()).as("tests that failed: %s", failures).containsExactlyInAnyOrder(tests);
        assertThat(failures.get(tests[0])).as("the message of %s", tests[0]).contains(text);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            run++;
        }
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            String name = test.getSource()
                    .map(source -> source instanceof MethodSource method ? method.getMethodName() : source.toString())
                    .orElse(test.getDisplayName());
            String message = result.getThrowable()
                    .map(thrown -> String.valueOf(thrown.getMessage()))
                    .orElse("");
            failures.merge(name, message, (one, other) -> one);
        }
    }
}
