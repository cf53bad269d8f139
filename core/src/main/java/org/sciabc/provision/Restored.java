// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * How restoring ended on one node.
 *
 * @param node the node
 * @param hadJournal whether there was a journal on the node, were there nothing in it any more: then the journal itself is left
 *     to go
 * @param undone what the journal held, newest last
 * @param differences what is not as it was before, by looking again
 * @param notes what is worth knowing, for people
 * @param output what the node said, line by line
 * @param failure why the journal could not be worked through to its end; absent when it was
 */
public record Restored(
        Node node,
        boolean hadJournal,
        List<JournalEntry> undone,
        List<Difference> differences,
        List<String> notes,
        List<String> output,
        Optional<SciabcException> failure) {

    public Restored {
        undone = List.copyOf(undone);
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
        output = List.copyOf(output);
    }

    /** Whether the node is as it was. */
    public boolean isComplete() {
        return differences.isEmpty() && failure.isEmpty();
    }
}
