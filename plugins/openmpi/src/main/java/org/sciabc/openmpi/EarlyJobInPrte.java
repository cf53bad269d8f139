// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** The processes of a job in a resident run-time, waiting for the checks to let it run. */
final class EarlyJobInPrte implements EarlyStart {
    private final PrteFolder folder;
    private final JobShape expected;
    private final WaitingJob job;

    private EarlyJobInPrte(PrteFolder folder, JobShape expected, WaitingJob job) {
        this.folder = folder;
        this.expected = expected;
        this.job = job;
    }

    /**
     * Starts them where a run-time is there for exactly this job's nodes, and nobody else uses it.
     *
     * @return absent when they are not to be started early
     */
    static Optional<EarlyStart> begin(LaunchRequest draft) throws SciabcException {
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
        try {
            return Optional.of(new EarlyJobInPrte(folder, JobShape.of(expected), WaitingJob.inPrte(folder, expected)));
        } catch (SciabcException | RuntimeException refused) {
            folder.release();
            throw refused;
        }
    }

    @Override
    public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (ResidentPrte.isUnfit(request) || !expected.equals(JobShape.of(request))) {
            return Optional.empty();
        }
        Optional<ExitStatus> status = ResidentPrte.run(folder, job, request, streams);
        return status.isPresent() ? status : Optional.of(OpenMpiLauncher.launchWithoutPrte(request, streams));
    }

    @Override
    public void close() throws SciabcException {
        try {
            job.close();
        } finally {
            folder.release();
        }
    }
}
