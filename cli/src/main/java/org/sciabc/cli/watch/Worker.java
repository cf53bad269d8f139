// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A thread that does what it is given, in order, and something else in a rhythm: what it waits for keeps nobody waiting. */
final class Worker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Duration rhythm;
    private final Runnable rhythmically;
    private final Consumer<RuntimeException> broken;
    private final Thread thread;
    private volatile boolean ending;

    /**
     * A worker that has not begun.
     *
     * @param rhythmically what it does in a rhythm
     * @param broken is told of a defect, which ends the thread
     */
    Worker(String name, Duration rhythm, Runnable rhythmically, Consumer<RuntimeException> broken) {
        this.rhythm = rhythm;
        this.rhythmically = rhythmically;
        this.broken = broken;
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void post(Runnable task) {
        tasks.add(task);
    }

    /** Returns when all that was posted is done, or after a few seconds: then it is stuck, and is left behind. */
    @Override
    public void close() {
        tasks.add(() -> ending = true);
        await(thread, PATIENCE);
    }

    /** Waits for the end of a thread; an interruption, which means to end at once, ends the waiting. */
    static void await(Thread thread, Duration patience) {
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        long next = System.nanoTime() + rhythm.toNanos();
        try {
            while (!ending) {
                Runnable task = tasks.poll(next - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (!ending && System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + rhythm.toNanos();
                    rhythmically.run();
                }
            }
        } catch (InterruptedException asked) {
            // Nobody interrupts it but the end of the process.
            return;
        } catch (RuntimeException defect) {
            broken.accept(defect);
        }
    }
}
