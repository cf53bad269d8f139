// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * One run of a job from before its checks to its end: what of it could be begun in advance is used or taken back. That this
 * fails is told, and no reason not to run a job.
 */
final class Beginning implements AutoCloseable {
    private final JobLauncher launcher;
    private final Consumer<SciabcException> told;
    private final AtomicReference<@Nullable EarlyStart> early = new AtomicReference<>();
    private boolean isBegun;

    /**
     * A run that has not begun.
     *
     * @param told hears of what could not be begun or taken back
     */
    Beginning(JobLauncher launcher, Consumer<SciabcException> told) {
        this.launcher = launcher;
        this.told = told;
    }

    /** Begins in advance, the first time that it is asked to. */
    void begin(LaunchRequest expected) {
        if (!isBegun) {
            isBegun = true;
            try {
                launcher.startEarly(expected).ifPresent(early::set);
            } catch (SciabcException refused) {
                told.accept(refused);
            }
        }
    }

    /** Runs the job to its end, see {@link JobLauncher#launch}. */
    ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException {
        EarlyStart begun = early.get();
        if (begun != null) {
            Optional<ExitStatus> status = begun.launch(request, streams);
            close();
            if (status.isPresent()) {
                return status.get();
            }
        }
        return launcher.launch(request, streams);
    }

    @Override
    public void close() {
        EarlyStart begun = early.getAndSet(null);
        if (begun != null) {
            try {
                begun.close();
            } catch (SciabcException stays) {
                told.accept(stays);
            }
        }
    }
}
