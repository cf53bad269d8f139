// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Map;

/**
 * The job that is about to run, and what the nodes answered.
 *
 * @param launch the job
 * @param answers for each node of the job, in the same order, the answers by the name of the probe; a probe that did not
 *     run is absent. Besides the launcher's own probes there are {@value #LIBRARIES} and {@value #MPI4PY}
 * @param manager what this machine answered to the same questions; empty when it was not asked
 */
public record CheckRequest(LaunchRequest launch, List<Map<String, String>> answers, Map<String, String> manager) {
    /**
     * The name of the answer that lists the shared libraries of the program, one a line: {@code NAME => PATH}, or
     * {@code NAME => not found}. Absent where the program is not there or has none.
     */
    public static final String LIBRARIES = "sciabc.libraries";

    /**
     * The name of the answer that says where mpi4py's module is, for the interpreter that runs the program; empty text where
     * it finds none. Absent unless the program is in Python and uses mpi4py. The libraries of that module are then among
     * {@link #LIBRARIES}.
     */
    public static final String MPI4PY = "sciabc.mpi4py";

    public CheckRequest {
        answers = answers.stream().map(Map::copyOf).toList();
        if (answers.size() != launch.nodes().size()) {
            throw new IllegalArgumentException(
                    "answers for " + answers.size() + " of " + launch.nodes().size() + " nodes");
        }
        manager = Map.copyOf(manager);
    }

    /** What the nodes answered, where this machine was not asked. */
    public CheckRequest(LaunchRequest launch, List<Map<String, String>> answers) {
        this(launch, answers, Map.of());
    }
}
