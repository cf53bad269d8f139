// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.time.Duration;
import java.util.Map;
import org.sciabc.spi.LaunchRequest;

/**
 * What of a job is a matter of how its processes were started. The program itself, its folder and most variables are told to
 * processes that run already.
 *
 * @param nodes where they are, and how they are reached
 * @param ranks how many there are
 * @param parameters variables that are the run-time's, too
 */
record JobShape(
        NodesOfPrte nodes,
        int ranks,
        boolean allowRoot,
        boolean oversubscribe,
        boolean tagged,
        Map<String, String> parameters) {
    JobShape {
        parameters = Map.copyOf(parameters);
    }

    static JobShape of(LaunchRequest request) {
        LaunchRequest.Job job = request.job();
        return new JobShape(
                NodesOfPrte.of(request, Duration.ZERO),
                MpirunCommand.ranks(request),
                job.allowRoot(),
                job.oversubscribe(),
                job.tagged(),
                MpirunCommand.parameters(job));
    }
}
