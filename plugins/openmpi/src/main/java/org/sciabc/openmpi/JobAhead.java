// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/**
 * The processes of a job that nobody has asked for yet, with an {@code mpirun} and daemons of their own: where there is no
 * {@code prte} that has these.
 */
final class JobAhead implements EarlyStart {
    private final JobShape shape;
    private final WaitingJob job;

    private JobAhead(JobShape shape, WaitingJob job) {
        this.shape = shape;
        this.job = job;
    }

    /**
     * Starts them.
     *
     * @return absent when they are not to be started
     */
    static Optional<EarlyStart> begin(LaunchRequest like) throws SciabcException {
        if (!ResidentPrte.isWanted(like) || like.isCold() || like.job().tagged()) {
            return Optional.empty();
        }
        return Optional.of(new JobAhead(JobShape.of(like), WaitingJob.byItself(like)));
    }

    @Override
    public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (request.isCold() || !shape.equals(JobShape.of(request)) || !job.keep()) {
            return Optional.empty();
        }
        try {
            return Optional.of(job.run(request.job(), streams));
        } catch (WaitingJob.NotBegun gone) {
            return Optional.empty();
        }
    }

    @Override
    public boolean isReady() {
        return job.isReady();
    }

    @Override
    public void close() throws SciabcException {
        job.close();
    }
}
