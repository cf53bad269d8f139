// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Map;

/**
 * The job that is about to run, and what the nodes answered.
 *
 * @param launch the job
 * @param answers for each node of the job, in the same order, the answers by the name of the probe; a probe that did not
 *     run is absent
 */
public record CheckRequest(LaunchRequest launch, List<Map<String, String>> answers) {
    public CheckRequest {
        answers = answers.stream().map(Map::copyOf).toList();
        if (answers.size() != launch.nodes().size()) {
            throw new IllegalArgumentException(
                    "answers for " + answers.size() + " of " + launch.nodes().size() + " nodes");
        }
    }
}
