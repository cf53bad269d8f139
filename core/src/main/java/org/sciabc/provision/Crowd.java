// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * Does the same work on many nodes at once: at most so many at a time, each with a deadline of its own, so that a slow or
 * dead node never keeps the others waiting for longer than that.
 *
 * <p>Each piece of work has a thread of its own, which is interrupted when the node's time is up or when the caller is
 * interrupted. A thread that does not obey within two seconds is given up.
 */
public final class Crowd {
    /** For work of which nobody knows how long it takes. */
    public static final Duration NO_LIMIT = Duration.ofDays(365);

    private static final long OBEY_NANOS = Duration.ofSeconds(2).toNanos();

    private final int width;
    private final Duration limit;

    /**
     * A crowd.
     *
     * @param width how many nodes are worked on at a time
     * @param limit how long the work on one node may take
     */
    public Crowd(int width, Duration limit) {
        if (width < 1) {
            throw new IllegalArgumentException("at least one node at a time: " + width);
        }
        this.width = width;
        this.limit = limit;
    }

    /** What is done on one node. */
    public interface Work<T> {
        /**
         * Does it. Must obey interruption.
         *
         * @throws SciabcException when it does not work on this node
         * @throws InterruptedException when the thread was interrupted
         */
        T on(Node node, Deadline deadline) throws SciabcException, InterruptedException;
    }

    /**
     * How the work ended on one node.
     *
     * @param <T> what the work gives
     */
    public sealed interface Result<T> {
        /** The node. */
        Node node();
    }

    /** It is done. */
    public record Done<T>(Node node, T value) implements Result<T> {}

    /** It failed, or took too long. */
    public record Failed<T>(Node node, SciabcException reason) implements Result<T> {}

    /**
     * Who is told while the work goes on.
     *
     * @param <T> what the work gives
     */
    public interface Watching<T> {
        /** The work on a node begins. Called by the thread that called {@link Crowd#each}. */
        default void began(Node node) {}

        /** It has ended, otherwise than by an interruption. Called by the node's thread. */
        default void ended(Result<T> result) {}
    }

    /** Those of the results that are failures, in their order. */
    public static <T> List<Failed<T>> failures(List<Result<T>> results) {
        List<Failed<T>> failures = new ArrayList<>();
        for (Result<T> result : results) {
            if (result instanceof Failed<T> failed) {
                failures.add(failed);
            }
        }
        return failures;
    }

    /**
     * Does the work on all nodes.
     *
     * @param abandoned called for a node whose thread does not obey, to close what it waits for
     * @return one result a node, in the order of the nodes
     * @throws InterruptedException when the caller was interrupted; all threads have then been told to end
     */
    public <T> List<Result<T>> each(List<Node> nodes, Work<T> work, Consumer<Node> abandoned)
            throws InterruptedException {
        return each(nodes, work, abandoned, new Watching<>() {});
    }

    /** The same, telling of each node when it begins and when it has ended. */
    public <T> List<Result<T>> each(List<Node> nodes, Work<T> work, Consumer<Node> abandoned, Watching<T> watching)
            throws InterruptedException {
        return new Round<>(nodes, work, abandoned, watching).run();
    }

    private final class Round<T> {
        private final List<Node> nodes;
        private final Work<T> work;
        private final Consumer<Node> abandoned;
        private final Watching<T> watching;
        private final Deque<Integer> waiting = new ArrayDeque<>();
        private final Set<Task> running = new HashSet<>();
        private final Map<Integer, Result<T>> results = new HashMap<>();
        private final BlockingQueue<Task> finished = new LinkedBlockingQueue<>();
        private volatile boolean ending;

        Round(List<Node> nodes, Work<T> work, Consumer<Node> abandoned, Watching<T> watching) {
            this.nodes = List.copyOf(nodes);
            this.work = work;
            this.abandoned = abandoned;
            this.watching = watching;
            for (int i = 0; i < nodes.size(); i++) {
                waiting.add(i);
            }
        }

        List<Result<T>> run() throws InterruptedException {
            try {
                while (results.size() < nodes.size()) {
                    while (running.size() < width && !waiting.isEmpty()) {
                        start(waiting.remove());
                    }
                    Task task = finished.poll(50, TimeUnit.MILLISECONDS);
                    if (task != null) {
                        finish(task);
                    }
                    List.copyOf(running).forEach(this::enforce);
                }
            } catch (InterruptedException interrupted) {
                endAll();
                throw interrupted;
            }
            return nodesInOrder();
        }

        private List<Result<T>> nodesInOrder() {
            return java.util.stream.IntStream.range(0, nodes.size())
                    .mapToObj(results::get)
                    .toList();
        }

        private void start(int index) {
            Task task = new Task(index);
            running.add(task);
            watching.began(nodes.get(index));
            task.thread.start();
        }

        private void finish(Task task) {
            if (running.remove(task)) {
                results.put(task.index, task.result());
            }
        }

        private void enforce(Task task) {
            if (task.interruptedAt == 0 && task.deadline.isOver()) {
                task.interrupt();
            } else if (task.interruptedAt != 0 && System.nanoTime() - task.interruptedAt > OBEY_NANOS) {
                abandoned.accept(nodes.get(task.index));
                running.remove(task);
                results.put(task.index, new Failed<>(nodes.get(task.index), tooSlow()));
            }
        }

        /** Everybody gets the same two seconds, not one after the other. */
        private void endAll() {
            ending = true;
            running.forEach(Task::interrupt);
            long end = System.nanoTime() + OBEY_NANOS;
            boolean interruptedAgain = false;
            for (Task task : running) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(task.thread, Math.max(1, end - System.nanoTime()));
                } catch (InterruptedException impatient) {
                    interruptedAgain = true;
                }
                if (task.thread.isAlive()) {
                    abandoned.accept(nodes.get(task.index));
                }
            }
            if (interruptedAgain) {
                Thread.currentThread().interrupt();
            }
        }

        private SciabcException tooSlow() {
            return new SciabcException(
                    "the node took too long",
                    "not done within " + Durations.format(limit),
                    "give it more time, or leave it out");
        }

        private final class Task implements Runnable {
            private final int index;
            private final Deadline deadline = new Deadline(limit, System::nanoTime);
            private final Thread thread;
            private long interruptedAt;
            private volatile boolean timedOut;
            private volatile Result<T> result;

            Task(int index) {
                this.index = index;
                Node node = nodes.get(index);
                this.result = new Failed<>(node, tooSlow());
                this.thread = new Thread(this, "node " + node.name());
                this.thread.setDaemon(true);
            }

            Result<T> result() {
                return result;
            }

            void interrupt() {
                timedOut = true;
                interruptedAt = System.nanoTime();
                thread.interrupt();
            }

            @Override
            public void run() {
                Node node = nodes.get(index);
                try {
                    result = new Done<>(node, work.on(node, deadline));
                } catch (SciabcException failure) {
                    result = new Failed<>(node, timedOut ? tooSlow() : failure);
                } catch (InterruptedException interrupted) {
                    result = new Failed<>(node, tooSlow());
                } catch (RuntimeException | Error defect) {
                    result = new Failed<>(
                            node,
                            new SciabcException(
                                    "sciabc has a defect",
                                    String.valueOf(defect.getMessage()),
                                    "please report it",
                                    defect));
                } finally {
                    if (!ending || result instanceof Done<T>) {
                        watching.ended(result);
                    }
                    finished.add(this);
                }
            }
        }
    }
}
