// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.sciabc.launch.RememberedAnswers.Remembered;
import org.sciabc.launch.WaitingShell.Said;
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
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(6);
    private static final int PATIENCE_FACTOR = 4;

    /** Over a connection that is open already, answers come within half a second, on a busy machine as well. */
    private static final Duration SILENCE = Duration.ofMillis(1500);

    /** How long a server is tried that hangs up at once: one that is full of logins has room a moment later. */
    private static final Duration TURNED_AWAY = Duration.ofSeconds(3);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(150);

    /** What OpenSSH's client ends with when it was not let in. */
    private static final int OF_SSH = 255;

    private final LocalProcesses processes;
    private final InstantSource clock;
    private final KeptConnections kept;

    PreflightRound(LocalProcesses processes, InstantSource clock, KeptConnections kept) {
        this.processes = processes;
        this.clock = clock;
        this.kept = kept;
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

    /**
     * What is asked of one machine: of a node through the remote shell, of this one directly.
     *
     * @param known what it answered before
     * @param manner who answers it
     */
    record Question(
            Optional<ReadyNode> node, List<Probe> probes, String script, Map<String, String> known, Manner manner) {
        /** One that is asked as if nothing were known. */
        Question(Optional<ReadyNode> node, List<Probe> probes) {
            this(node, probes, Manner.ONCE);
        }

        private Question(Optional<ReadyNode> node, List<Probe> probes, Manner manner) {
            this(node, probes, PreflightScript.of(probes), Map.of(), manner);
        }

        /** One that follows others, which the same machine has just answered. */
        static Question following(Optional<ReadyNode> node, List<Probe> probes) {
            return new Question(node, probes, Manner.FOLLOWING);
        }

        /** One that asks what lasts only where something has changed since that was answered, which may be never. */
        static Question remembering(Optional<ReadyNode> node, List<Probe> probes, Optional<Remembered> before) {
            return new Question(
                    node,
                    probes,
                    PreflightScript.remembering(probes, before),
                    before.map(Remembered::answers).orElse(Map.of()),
                    Manner.LASTING);
        }
    }

    /** Who answers a question, where shells wait. */
    enum Manner {
        /** A shell that is started for it. */
        ONCE,
        /** One that waits, if nothing has changed since the machine was asked before; the next launch may ask it again. */
        LASTING,
        /** One that waits, as it is: it has just been found to be good. */
        FOLLOWING
    }

    /** The answers, in the order of the questions. */
    List<Answered> ask(List<Question> questions, RemoteShell shell) throws InterruptedException {
        try (Round round = new Round(questions.size())) {
            return round.run(questions, shell);
        }
    }

    /** One round: who is asked at the same time, and how long the last ones are waited for. */
    private final class Round implements AutoCloseable {
        private final ExecutorService threads;
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Asking> all = new ArrayList<>();
        private final Instant since = clock.instant();
        private final long begin = System.nanoTime();
        private long deadline = begin + LIMIT.toNanos();
        private boolean isShortened;
        private boolean isRepeated;

        Round(int size) {
            threads = Executors.newFixedThreadPool(Math.min(MOST_AT_ONCE, size), PreflightRound::thread);
        }

        List<Answered> run(List<Question> questions, RemoteShell shell) throws InterruptedException {
            for (Question question : questions) {
                all.add(new Asking(question, threads.submit(() -> {
                    Answered answer = answer(question, shell);
                    answered.incrementAndGet();
                    return answer;
                })));
            }
            List<Answered> answers = new ArrayList<>();
            for (Asking each : all) {
                answers.add(await(each));
            }
            giveUpWhatHangs();
            return List.copyOf(answers);
        }

        /** The last ones get four times as long as half of all needed: a dead node does not keep the others for long. */
        private Answered await(Asking each) throws InterruptedException {
            Optional<Answered> answer = Optional.empty();
            while (answer.isEmpty()) {
                long now = System.nanoTime();
                if (!isShortened && answered.get() * 2 > all.size()) {
                    long patience = Math.max(LEAST_PATIENCE.toNanos(), PATIENCE_FACTOR * (now - begin));
                    deadline = Math.min(deadline, now + patience);
                    isShortened = true;
                }
                if (!isRepeated && now - begin > SILENCE.toNanos()) {
                    isRepeated = true;
                    askAgain();
                }
                answer = each.poll();
                if (answer.isEmpty() && System.nanoTime() >= deadline) {
                    Duration waited = Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
                    answer = Optional.of(each.giveUp()
                            .orElseGet(() ->
                                    silent("nothing came back within " + Durations.format(waited), clock.instant())));
                }
            }
            each.end();
            return answer.get();
        }

        /** Those that are silent over a connection from an earlier launch are asked over a new one as well. */
        private void askAgain() throws InterruptedException {
            try {
                Set<InetAddress> old = kept.openedBefore(since);
                List<Asking> silent = all.stream()
                        .filter(each -> !each.isOver()
                                && address(each).filter(old::contains).isPresent())
                        .toList();
                if (silent.isEmpty()) {
                    return;
                }
                RemoteShell another = kept.another(
                        silent.stream().flatMap(each -> address(each).stream()).collect(Collectors.toSet()));
                for (Asking each : silent) {
                    FutureTask<Answered> task = new FutureTask<>(() -> answer(each.question(), another));
                    thread(task).start();
                    each.again(task);
                }
            } catch (SciabcException noOtherWay) {
                // Then the first one is waited for.
                return;
            }
        }

        private void giveUpWhatHangs() throws InterruptedException {
            Set<InetAddress> hanging = all.stream()
                    .filter(Asking::isSecondBetter)
                    .flatMap(each -> address(each).stream())
                    .collect(Collectors.toSet());
            if (hanging.isEmpty()) {
                return;
            }
            try {
                kept.close(hanging);
            } catch (SciabcException stays) {
                // The launcher will wait for it, as it would have without us.
                return;
            }
        }

        private static Optional<InetAddress> address(Asking each) {
            return each.question().node().map(ReadyNode::address);
        }

        @Override
        public void close() {
            all.forEach(Asking::end);
            threads.shutdownNow();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "check");
        thread.setDaemon(true);
        return thread;
    }

    /** Never fails: what went wrong is the answer. */
    private Answered answer(Question question, RemoteShell shell) throws InterruptedException {
        Instant begin = clock.instant();
        try {
            Said said = saidInTheEnd(question, shell);
            Instant end = clock.instant();
            return answers(question, said)
                    .map(all -> new Answered(all, Optional.empty(), begin, end))
                    .orElseGet(() -> silent(reason(said), begin));
        } catch (SciabcException failure) {
            return silent(String.valueOf(failure.getMessage()), clock.instant());
        }
    }

    private Said saidInTheEnd(Question question, RemoteShell shell) throws SciabcException, InterruptedException {
        long begin = System.nanoTime();
        Duration pause = SHORTEST_PAUSE;
        Said said = said(question, shell);
        while (isTurnedAway(said) && System.nanoTime() - begin < TURNED_AWAY.toNanos()) {
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2);
            said = said(question, shell);
        }
        return said;
    }

    /** The server hung up before it had said who it is; some versions of the client say nothing of it. */
    private static boolean isTurnedAway(Said said) {
        return said.end().filter(status -> status.code() == OF_SSH).isPresent()
                && said.out().isBlank()
                && (said.err().isBlank() || said.err().contains(Unreachable.HUNG_UP));
    }

    private Said said(Question question, RemoteShell shell) throws SciabcException, InterruptedException {
        Optional<ReadyNode> node = question.node();
        // Whatever the login shell is, "sh" it understands; and a remote shell without one does, too.
        List<String> command = node.isPresent() ? shell.commandOn(node.get(), "sh") : List.of("/bin/sh");
        Optional<WaitingShells> shells = node.isEmpty() || shell.staysOpen() ? kept.shells() : Optional.empty();
        if (shells.isEmpty() || question.manner() == Manner.ONCE) {
            return once(command, question.script());
        }
        WaitingShells.Place place =
                node.isPresent() ? WaitingShells.Place.of(node.get(), command) : WaitingShells.Place.HERE;
        if (question.manner() == Manner.FOLLOWING) {
            return shells.get()
                    .ask(place, processes, question.script(), said -> said.end().isEmpty());
        }
        // One that has waited knows nothing of what changed around it: good enough to hear that nothing has.
        return question.known().isEmpty()
                ? shells.get().renewed(place, processes, question.script())
                : shells.get()
                        .ask(place, processes, question.script(), said -> isSame(PreflightScript.answers(said.out())));
    }

    private Said once(List<String> command, String script) throws SciabcException, InterruptedException {
        Heard out = new Heard();
        Heard err = new Heard();
        InputStream in = new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8));
        ExitStatus status = processes.run(command, Map.of(), new CommandStreams(in, out, err));
        return new Said(out.text(), err.text(), Optional.of(status));
    }

    private static Optional<Map<String, String>> answers(Question question, Said said) {
        Optional<Map<String, String>> answers = PreflightScript.answers(said.out());
        if (isSame(answers)) {
            answers.ifPresent(all -> question.known().forEach(all::putIfAbsent));
        }
        return answers;
    }

    private static boolean isSame(Optional<Map<String, String>> answers) {
        return answers.filter(all -> all.containsKey(PreflightScript.SAME)).isPresent();
    }

    private static Answered silent(String why, Instant when) {
        return new Answered(Map.of(), Optional.of(Untrusted.line(why, 200)), when, when);
    }

    private static String reason(Said said) {
        List<String> lines = said.err().lines().filter(line -> !line.isBlank()).collect(Collectors.toList());
        return lines.isEmpty()
                ? said.end()
                        .map(status -> "the remote shell ended with status " + status.code())
                        .orElse("the remote shell did not run the checks to their end")
                : lines.get(lines.size() - 1).replaceFirst("^ssh: ", "");
    }
}
