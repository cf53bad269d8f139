// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sciabc.launch.NextJob;
import org.sciabc.launch.NextJob.Begun;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * One run of a job from before its checks to its end: what of it could be begun in advance, or was by the launch before, is used
 * or taken back. That this fails is told, and no reason not to run a job.
 */
final class Beginning implements AutoCloseable {
    private final JobLauncher launcher;
    private final Optional<NextJob> next;
    private final Consumer<SciabcException> told;
    private final AtomicReference<@Nullable EarlyStart> early = new AtomicReference<>();
    private final AtomicReference<@Nullable Begun> ahead = new AtomicReference<>();
    private Optional<String> surroundings = Optional.empty();
    private boolean isBegun;

    /**
     * A run that has not begun.
     *
     * @param next what was begun before anybody asked for it, where this process stays
     * @param told hears of what could not be begun or taken back
     */
    Beginning(JobLauncher launcher, Optional<NextJob> next, Consumer<SciabcException> told) {
        this.launcher = launcher;
        this.next = next;
        this.told = told;
    }

    /** Begins in advance, the first time that it is asked to, unless that was done already. */
    void begin(LaunchRequest expected) {
        if (isBegun) {
            return;
        }
        isBegun = true;
        Optional<Begun> begun = next.flatMap(each -> each.take(launcher));
        if (begun.isPresent()) {
            ahead.set(begun.get());
            return;
        }
        try {
            launcher.startEarly(expected).ifPresent(early::set);
        } catch (SciabcException refused) {
            told.accept(refused);
        }
    }

    /** All nodes have answered, which is going to be judged. */
    void answered() {
        EarlyStart begun = early.get();
        if (begun != null) {
            begun.answered();
        }
    }

    /** The checks let it run, and saw these surroundings; what was begun in others is of no use. */
    void checked(Optional<String> seen) {
        surroundings = seen;
    }

    /** Runs the job to its end, see {@link JobLauncher#launch}. */
    ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException {
        Optional<ExitStatus> status = launchAhead(request, streams);
        if (status.isEmpty()) {
            status = launchEarly(request, streams);
        }
        return status.isPresent() ? status.get() : launcher.launch(request, streams);
    }

    private Optional<ExitStatus> launchAhead(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        Begun begun = ahead.getAndSet(null);
        if (begun == null) {
            return Optional.empty();
        }
        try {
            return surroundings.filter(begun.surroundings()::equals).isPresent()
                    ? begun.start().launch(request, streams)
                    : Optional.empty();
        } finally {
            next.ifPresent(each -> each.discard(begun));
        }
    }

    private Optional<ExitStatus> launchEarly(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        EarlyStart begun = early.get();
        if (begun == null) {
            return Optional.empty();
        }
        Optional<ExitStatus> status = begun.launch(request, streams);
        takeBack();
        return status;
    }

    private void takeBack() {
        EarlyStart begun = early.getAndSet(null);
        if (begun != null) {
            try {
                begun.close();
            } catch (SciabcException stays) {
                told.accept(stays);
            }
        }
    }

    @Override
    public void close() {
        Begun unused = ahead.getAndSet(null);
        if (unused != null) {
            next.ifPresent(each -> each.giveBack(unused));
        }
        takeBack();
    }
}
