// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Node;

/**
 * How provisioning ended on one node.
 *
 * @param node the node
 * @param result whether it is ready
 * @param why why it is not; empty text when it is
 * @param hint what to do about it
 * @param changes how many steps were carried out completely
 * @param journal what the node's journal holds now; the manager's copy
 * @param output what the node said, line by line
 * @param elapsed how long it took
 */
public record Outcome(
        Node node,
        Result result,
        String why,
        Optional<String> hint,
        int changes,
        List<JournalEntry> journal,
        List<String> output,
        Duration elapsed) {

    /** How it ended. */
    public enum Result {
        /** All requirements are satisfied. */
        READY,
        /** A step failed. What was done is in the journal; provisioning again goes on from there. */
        FAILED,
        /** Not reached, too slow, or something is needed that sciabc cannot do there. */
        LEFT_OUT
    }

    public Outcome {
        journal = List.copyOf(journal);
        output = List.copyOf(output);
    }

    /** Whether the node is ready. */
    public boolean isReady() {
        return result == Result.READY;
    }
}
