// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.SciabcException;

/** A program that is waited for by a thread of its own, so that something else can be done first when it is to end. */
final class Attended {
    private static final long LOOK_MILLIS = 200;

    /** Runs a program to its end. */
    @FunctionalInterface
    interface Run {
        ExitStatus get() throws SciabcException, InterruptedException;
    }

    /** What has to happen for it to end. */
    @FunctionalInterface
    interface Ending {
        void end() throws SciabcException, InterruptedException;
    }

    private final Run run;
    private final Ending ending;
    private final Runnable ended;
    private final Thread thread;
    private @Nullable ExitStatus status;
    private @Nullable SciabcException failure;
    private @Nullable Throwable defect;

    private Attended(Run run, Ending ending, Runnable ended) {
        this.run = run;
        this.ending = ending;
        this.ended = ended;
        this.thread = new Thread(this::attend, "mpirun");
    }

    /** Begins to run a program. Whoever begins it waits for its end. */
    static Attended begin(Run run, Ending ending) {
        return begin(run, ending, () -> {});
    }

    /**
     * The same.
     *
     * @param ended is run when it has ended, however that came
     */
    static Attended begin(Run run, Ending ending, Runnable ended) {
        Attended attended = new Attended(run, ending, ended);
        attended.thread.setDaemon(true);
        attended.thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        attended.thread.start();
        return attended;
    }

    /** Whether it has not ended. */
    boolean isRunning() {
        return thread.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @param isOverdue whether it should have ended long ago: it is ended then
     * @return absent when it was ended
     */
    Optional<ExitStatus> await(BooleanSupplier isOverdue) throws SciabcException, InterruptedException {
        awaitEnd(isOverdue);
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            if (defect instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            if (defect instanceof Error unexpected) {
                throw unexpected;
            }
            return Optional.ofNullable(status);
        }
    }

    /** The same for who does not mind how it ended. */
    void awaitEnd(BooleanSupplier isOverdue) throws SciabcException, InterruptedException {
        try {
            while (thread.isAlive() && !isOverdue.getAsBoolean()) {
                thread.join(LOOK_MILLIS);
            }
        } catch (InterruptedException stop) {
            end();
            throw stop;
        }
        if (thread.isAlive()) {
            end();
        }
    }

    private void end() throws SciabcException, InterruptedException {
        try {
            ending.end();
        } finally {
            thread.interrupt();
            thread.join();
        }
    }

    private void attend() {
        try {
            ExitStatus ended = run.get();
            synchronized (this) {
                status = ended;
            }
        } catch (SciabcException refused) {
            synchronized (this) {
                failure = refused;
            }
        } catch (RuntimeException | Error unexpected) {
            synchronized (this) {
                defect = unexpected;
            }
        } catch (InterruptedException asked) {
            // Only its owner interrupts it, who knows.
            Thread.currentThread().interrupt();
        } finally {
            ended.run();
        }
    }
}
