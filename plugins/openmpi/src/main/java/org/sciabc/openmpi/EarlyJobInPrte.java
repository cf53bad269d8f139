// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;

/** The processes of a job in a resident run-time, waiting for the checks to let it run. */
final class EarlyJobInPrte implements EarlyStart {
    private final PrteFolder folder;
    private final LaunchRequest expected;
    private final NodesOfPrte present;
    private final JobInPrte job;

    private EarlyJobInPrte(PrteFolder folder, LaunchRequest expected, NodesOfPrte present, JobInPrte job) {
        this.folder = folder;
        this.expected = expected;
        this.present = present;
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
            return Optional.of(new EarlyJobInPrte(folder, expected, present, JobInPrte.begin(folder, expected)));
        } catch (SciabcException | RuntimeException refused) {
            folder.release();
            throw refused;
        }
    }

    @Override
    public Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        if (!isExpected(request)) {
            return Optional.empty();
        }
        Optional<ExitStatus> status = ResidentPrte.run(folder, job, request, streams);
        return status.isPresent() ? status : Optional.of(OpenMpiLauncher.launchWithoutPrte(request, streams));
    }

    /** The program itself, its folder and most variables are told to processes that run already; all else is not. */
    private boolean isExpected(LaunchRequest request) {
        return !ResidentPrte.isUnfit(request)
                && present.equals(NodesOfPrte.of(request, present.idle()))
                && MpirunCommand.ranks(request) == MpirunCommand.ranks(expected)
                && request.job().allowRoot() == expected.job().allowRoot()
                && parameters(request).equals(parameters(expected));
    }

    private static Map<String, String> parameters(LaunchRequest request) {
        return MpirunCommand.parameters(request.job());
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
