// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * The container engine, whose client waits for an answer without end. Here a question has a limit: where the engine hangs,
 * the test fails and says at what, and every later question fails at once, for each would wait as long.
 */
final class Engine {

    /** Many times as long as anything took that was answered at all. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Map<Future<?>, String> UNANSWERED = new ConcurrentHashMap<>();

    private static final ExecutorService ASKING = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "engine");
        thread.setDaemon(true);
        return thread;
    });

    private Engine() {}

    /** @param what what it is to do, as a verb and what it is done to: {@code remove node3} */
    static <T extends @Nullable Object> T ask(String what, Function<DockerClient, T> question) {
        return within(LIMIT, what, () -> question.apply(DockerClientFactory.lazyClient()));
    }

    /** Anything that asks the engine by itself. */
    static <T extends @Nullable Object> T within(Duration limit, String what, Callable<T> asking) {
        UNANSWERED.keySet().removeIf(Future::isDone);
        if (!UNANSWERED.isEmpty()) {
            throw new IllegalStateException(
                    "the container engine is not asked to " + what + ": it hangs at " + UNANSWERED.values());
        }
        Future<T> answer = ASKING.submit(asking);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hanging) {
            UNANSWERED.put(answer, what);
            throw new IllegalStateException(
                    "the container engine did not " + what + " within " + limit.toSeconds() + " s", hanging);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(what, failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the container engine was to " + what, interruption);
        }
    }
}
