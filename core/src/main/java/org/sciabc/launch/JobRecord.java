// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.ReadyNode;

/**
 * What is kept of one job.
 *
 * @param id its number within the cluster
 * @param command the program and its arguments, as the person wrote them
 * @param ranks how many processes
 * @param nodes where it runs or ran
 * @param start when it began
 * @param ending how it ended; absent while it runs, and for ever when the machine or sciabc itself ended before it
 */
public record JobRecord(
        int id, List<String> command, int ranks, List<Place> nodes, Instant start, Optional<Ending> ending) {
    /**
     * A node of the job.
     *
     * @param slots how many processes it takes
     */
    public record Place(String name, String address, int slots) {
        static Place of(ReadyNode node) {
            return new Place(node.node().name(), node.address().getHostAddress(), node.slots());
        }
    }

    /**
     * The end of a job.
     *
     * @param status the exit status that sciabc passed on
     * @param why what ended it where it did not end by itself, in a line
     */
    public record Ending(Instant end, int status, Optional<String> why) {}

    public JobRecord {
        command = List.copyOf(command);
        nodes = List.copyOf(nodes);
    }

    /** The same with its end. */
    public JobRecord ended(Ending end) {
        return new JobRecord(id, command, ranks, nodes, start, Optional.of(end));
    }
}
