// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** The processes of a job in a resident run-time, waiting for the checks to let it run, or for somebody to ask for it. */
final class EarlyJobInPrte implements EarlyStart {
    private final PrteFolder folder;
    private final JobShape expected;
    private final WaitingJob job;
    private boolean isClaimed;

    private EarlyJobInPrte(PrteFolder folder, JobShape expected, WaitingJob job, boolean isClaimed) {
        this.folder = folder;
        this.expected = expected;
        this.job = job;
        this.isClaimed = isClaimed;
    }

    /**
     * Starts them where a run-time is there for exactly this job's nodes, and nobody else uses it.
     *
     * @return absent when they are not to be started early
     */
    static Optional<EarlyStart> begin(LaunchRequest draft) throws SciabcException {
        return begin(draft, false);
    }

    /** The same for a job that nobody has asked for yet: any other goes first. */
    static Optional<EarlyStart> ahead(LaunchRequest like) throws SciabcException {
        return begin(like, true);
    }

    private static Optional<EarlyStart> begin(LaunchRequest draft, boolean isAhead) throws SciabcException {
        PrteFolder folder = PrteFolder.in(draft.stateFolder());
        Optional<NodesOfPrte> wanted = folder.wanted();
        if (wanted.isEmpty() || ResidentPrte.isUnfit(draft)) {
            return Optional.empty();
        }
        NodesOfPrte present = wanted.get();
        // Which networks the nodes share is what the checks find out: the same as last time, as a rule.
        LaunchRequest expected = draft.withNodes(draft.nodes(), present.networks());
        if (!present.equals(NodesOfPrte.of(expected, present.idle()))
                || folder.process().isEmpty()
                || !folder.claim()) {
            return Optional.empty();
        }
        boolean isClaimed = false;
        try {
            WaitingJob job = isAhead ? offered(folder, expected) : WaitingJob.inPrte(folder, expected);
            isClaimed = !isAhead;
            return Optional.of(new EarlyJobInPrte(folder, JobShape.of(expected), job, isClaimed));
        } finally {
            if (!isClaimed) {
                folder.release();
            }
        }
    }

    private static WaitingJob offered(PrteFolder folder, LaunchRequest expected) throws SciabcException {
        WaitingJob job = WaitingJob.inPrte(folder, expected, folder::endOffer);
        try {
            folder.offer(job.call());
            if (!job.isRunning()) {
                folder.endOffer();
            }
            return job;
        } catch (SciabcException full) {
            job.close();
            throw full;
        }
    }

    @Override
    public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (ResidentPrte.isUnfit(request) || !expected.equals(JobShape.of(request)) || !claim()) {
            // What starts the job otherwise needs the room.
            job.close();
            return Optional.empty();
        }
        try {
            Optional<ExitStatus> status = ResidentPrte.run(folder, job, request, streams);
            return status.isPresent() ? status : Optional.of(OpenMpiLauncher.launchWithoutPrte(request, streams));
        } finally {
            release();
        }
    }

    private boolean claim() throws SciabcException {
        if (!isClaimed) {
            // Its daemons, and the processes with them, end a moment after it.
            isClaimed = folder.process().isPresent() && job.keep() && folder.claimWhereRoomIs();
            if (isClaimed) {
                folder.endOffer();
            }
        }
        return isClaimed;
    }

    private void release() throws SciabcException {
        if (isClaimed) {
            isClaimed = false;
            folder.release();
        }
    }

    @Override
    public boolean isReady() {
        return job.isReady();
    }

    @Override
    public void close() throws SciabcException {
        try {
            job.close();
        } finally {
            release();
        }
    }
}
