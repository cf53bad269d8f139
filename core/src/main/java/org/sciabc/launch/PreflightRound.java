// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Durations;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Asks machines their questions, all at once and through the very command with which the launcher will start its processes
 * there: what it finds is what the launcher will find, and connections that it opened are open for the launcher.
 */
final class PreflightRound {
    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_BYTES = 1 << 18;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(6);
    private static final int PATIENCE_FACTOR = 4;

    private final LocalProcesses processes;
    private final InstantSource clock;

    PreflightRound(LocalProcesses processes, InstantSource clock) {
        this.processes = processes;
        this.clock = clock;
    }

    /**
     * What one machine answered.
     *
     * @param answers by the name of the probe; empty where it did not answer
     * @param failure why it did not answer
     * @param begin when it was asked
     * @param end when it had answered
     */
    record Answered(Map<String, String> answers, Optional<String> failure, Instant begin, Instant end) {
        Answered {
            answers = Map.copyOf(answers);
        }
    }

    /** What is asked of one machine: of a node through the remote shell, of this one directly. */
    record Question(Optional<ReadyNode> node, List<Probe> probes) {}

    /** The answers, in the order of the questions. */
    List<Answered> ask(List<Question> questions, RemoteShell shell) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MOST_AT_ONCE, questions.size()), task -> {
            Thread thread = new Thread(task, "check");
            thread.setDaemon(true);
            return thread;
        });
        try {
            AtomicInteger answered = new AtomicInteger();
            List<Future<Answered>> asked = new ArrayList<>();
            for (Question question : questions) {
                asked.add(threads.submit(() -> {
                    Answered answer = ask(question, shell);
                    answered.incrementAndGet();
                    return answer;
                }));
            }
            return collect(asked, answered);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The last ones get four times as long as half of all needed: a dead node does not keep the others for long. */
    private List<Answered> collect(List<Future<Answered>> asked, AtomicInteger answered) throws InterruptedException {
        long begin = System.nanoTime();
        long deadline = begin + LIMIT.toNanos();
        boolean shortened = false;
        List<Answered> all = new ArrayList<>();
        for (Future<Answered> each : asked) {
            Optional<Answered> answer = Optional.empty();
            while (answer.isEmpty()) {
                if (!shortened && answered.get() * 2 > asked.size()) {
                    long patience = Math.max(LEAST_PATIENCE.toNanos(), PATIENCE_FACTOR * (System.nanoTime() - begin));
                    deadline = Math.min(deadline, System.nanoTime() + patience);
                    shortened = true;
                }
                answer = poll(each, begin, deadline);
            }
            all.add(answer.get());
        }
        return List.copyOf(all);
    }

    private Optional<Answered> poll(Future<Answered> each, long begin, long deadline) throws InterruptedException {
        try {
            return Optional.of(each.get(20, TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
            long now = System.nanoTime();
            if (now < deadline) {
                return Optional.empty();
            }
            each.cancel(true);
            Duration waited = Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(now - begin));
            return Optional.of(silent("nothing came back within " + Durations.format(waited), clock.instant()));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            String why = failure.getCause() instanceof SciabcException said
                    ? String.valueOf(said.getMessage())
                    : "it failed";
            return Optional.of(silent(why, clock.instant()));
        }
    }

    private Answered ask(Question question, RemoteShell shell) throws SciabcException, InterruptedException {
        List<String> command = question.node()
                .map(node -> Stream.concat(
                                shell.command().stream(),
                                // Whatever the login shell is, this much it understands; and a remote shell without one
                                // does, too.
                                Stream.of(node.address().getHostAddress(), "sh"))
                        .toList())
                .orElse(List.of("/bin/sh"));
        byte[] script = PreflightScript.of(question.probes()).getBytes(StandardCharsets.UTF_8);
        Kept out = new Kept();
        Kept err = new Kept();
        Instant begin = clock.instant();
        ExitStatus status =
                processes.run(command, Map.of(), new CommandStreams(new ByteArrayInputStream(script), out, err));
        Instant end = clock.instant();
        Optional<Map<String, String>> answers = PreflightScript.answers(out.text());
        return answers.map(all -> new Answered(all, Optional.empty(), begin, end))
                .orElseGet(() -> silent(reason(err.text(), status), begin));
    }

    private static Answered silent(String why, Instant when) {
        return new Answered(Map.of(), Optional.of(Untrusted.line(why, 200)), when, when);
    }

    private static String reason(String said, ExitStatus status) {
        List<String> lines = said.lines().filter(line -> !line.isBlank()).collect(Collectors.toList());
        return lines.isEmpty()
                ? "the remote shell ended with status " + status.code()
                : lines.get(lines.size() - 1).replaceFirst("^ssh: ", "");
    }

    /** The beginning of what a machine says: it must not fill this one's memory. */
    private static final class Kept extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, MOST_BYTES - kept.size()));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
