// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.Optional;
import org.sciabc.cli.standby.Later;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** One run of a job from before its checks to its end: what of it could be begun in advance is used or taken back. */
final class Beginning implements AutoCloseable {
    private final JobLauncher launcher;
    private final Optional<Later> later;
    private volatile Optional<EarlyStart> early = Optional.empty();
    private boolean isBegun;

    /**
     * A run that has not begun.
     *
     * @param later what the process does after this command, where it stays
     */
    Beginning(JobLauncher launcher, Optional<Later> later) {
        this.launcher = launcher;
        this.later = later;
    }

    /** Begins in advance, the first time that it is asked to. */
    void begin(LaunchRequest expected) throws SciabcException, InterruptedException {
        if (!isBegun) {
            isBegun = true;
            finishEarlier();
            early = launcher.startEarly(expected);
        }
    }

    /** Runs the job to its end, see {@link JobLauncher#launch}. */
    ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException {
        Optional<EarlyStart> begun = early;
        if (begun.isPresent()) {
            Optional<ExitStatus> status = begun.get().launch(request, streams);
            if (status.isPresent() && later.isPresent()) {
                early = Optional.empty();
                later.get().begin(begun.get()::close);
            }
            close();
            if (status.isPresent()) {
                return status.get();
            }
        }
        finishEarlier();
        return launcher.launch(request, streams);
    }

    /** What an earlier command has left is in the way of this one. */
    private void finishEarlier() throws SciabcException, InterruptedException {
        if (later.isPresent()) {
            later.get().finish();
        }
    }

    @Override
    public void close() throws SciabcException {
        Optional<EarlyStart> begun = early;
        early = Optional.empty();
        if (begun.isPresent()) {
            begun.get().close();
        }
    }
}
