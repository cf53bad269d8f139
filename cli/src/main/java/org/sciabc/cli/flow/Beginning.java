// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** One run of a job from before its checks to its end: what of it could be begun in advance is used or taken back. */
final class Beginning implements AutoCloseable {
    private final JobLauncher launcher;
    private volatile Optional<EarlyStart> early = Optional.empty();
    private boolean isBegun;

    Beginning(JobLauncher launcher) {
        this.launcher = launcher;
    }

    /** Begins in advance, the first time that it is asked to. */
    void begin(LaunchRequest expected) throws SciabcException {
        if (!isBegun) {
            isBegun = true;
            early = launcher.startEarly(expected);
        }
    }

    /** Runs the job to its end, see {@link JobLauncher#launch}. */
    ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException {
        Optional<EarlyStart> begun = early;
        if (begun.isPresent()) {
            Optional<ExitStatus> status = begun.get().launch(request, streams);
            close();
            if (status.isPresent()) {
                return status.get();
            }
        }
        return launcher.launch(request, streams);
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
