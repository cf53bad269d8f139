// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Looks for a container engine, once for all classes. */
final class EngineCondition implements ExecutionCondition {

    private static final AtomicBoolean SAID = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        ConditionEvaluationResult decision = decide(Answer.THERE_IS_ONE, "true".equals(System.getenv("CI")));
        if (decision.isDisabled() && SAID.compareAndSet(false, true)) {
            System.err.println("SKIPPED: integration tests: no container engine answers (itests/run starts one)");
        }
        return decision;
    }

    static ConditionEvaluationResult decide(boolean engineAnswers, boolean mustNotSkip) {
        if (engineAnswers) {
            return ConditionEvaluationResult.enabled("a container engine answers");
        }
        if (mustNotSkip) {
            throw new IllegalStateException("no container engine answers, and where CI=true nothing may be skipped");
        }
        return ConditionEvaluationResult.disabled("no container engine answers");
    }

    /** Asked when it is first looked at, and only then. */
    private static final class Answer {

        static final boolean THERE_IS_ONE =
                answersTheClient() && DockerClientFactory.instance().isDockerAvailable();

        /**
         * Images are made with the client. Testcontainers alone would not do: where DOCKER_HOST leads nowhere, it takes
         * whatever other engine it finds.
         */
        private static boolean answersTheClient() {
            try {
                return new ProcessBuilder("docker", "version")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException notInstalled) {
                return false;
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
