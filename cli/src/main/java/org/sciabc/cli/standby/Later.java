// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.sciabc.spi.SciabcException;

/** What a command leaves to the process that stays: it is done after the command has ended, and before the next one needs it. */
public final class Later {
    private Optional<FutureTask<Boolean>> task = Optional.empty();

    /** Something that takes a moment. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws SciabcException;
    }

    /** Begins to do it. */
    public synchronized void begin(Work work) {
        FutureTask<Boolean> begun = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        task = Optional.of(begun);
        Thread thread = new Thread(begun, "later");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until it is done.
     *
     * @throws SciabcException when it could not be done
     */
    public synchronized void finish() throws SciabcException, InterruptedException {
        Optional<FutureTask<Boolean>> begun = task;
        task = Optional.empty();
        try {
            if (begun.isPresent()) {
                begun.get().get();
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SciabcException why) {
                throw why;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
