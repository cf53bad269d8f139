// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.SciabcException;

/** A program that is waited for by a thread of its own, so that something else can be done first when it is to end. */
final class Attended {

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
    private @Nullable ExitStatus status;
    private @Nullable SciabcException failure;

    Attended(Run run) {
        this.run = run;
    }

    ExitStatus await(Ending ending) throws SciabcException, InterruptedException {
        Thread thread = new Thread(this::attend, "job");
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            try {
                ending.end();
            } finally {
                thread.interrupt();
                thread.join();
            }
            throw stop;
        }
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            if (status == null) {
                throw new InterruptedException();
            }
            return status;
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
        } catch (InterruptedException asked) {
            // Only its owner interrupts it, who knows.
            Thread.currentThread().interrupt();
        }
    }
}
