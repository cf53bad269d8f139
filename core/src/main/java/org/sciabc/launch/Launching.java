// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.List;
import java.util.OptionalInt;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** What must hold before a launcher is called at all. */
public final class Launching {
    private Launching() {}

    /**
     * Refuses more processes than there are slots.
     *
     * @throws SciabcException with the number that would fit
     */
    public static void checkRanks(LaunchRequest.Job job, List<ReadyNode> nodes) throws SciabcException {
        OptionalInt ranks = job.ranks();
        int slots = nodes.stream().mapToInt(ReadyNode::slots).sum();
        if (!job.oversubscribe() && ranks.isPresent() && ranks.getAsInt() > slots) {
            throw new SciabcException(
                    "cannot run " + ranks.getAsInt() + " processes",
                    nodes.size() + (nodes.size() == 1 ? " node has " : " nodes have ") + slots
                            + (slots == 1 ? " slot" : " slots")
                            + "; a slot is a place for one process: one for each core, unless '--slots' or the hostfile"
                            + " says otherwise",
                    "use '-n " + slots + "' or less, give each node more with '--slots N', or let processes share cores"
                            + " with '--oversubscribe'");
        }
    }
}
