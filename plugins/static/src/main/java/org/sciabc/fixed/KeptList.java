// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.util.Optional;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SightingListener;

/**
 * A list that is read again while it is in use. Who edits a file writes it in pieces, so that a change counts when two looks
 * have found the same; what cannot be read, or lists nobody, is told and changes nothing.
 */
final class KeptList {
    private final ListSource source;
    private final SightingListener listener;
    private NodeList current;
    private NodeList last;
    private String problem = "";

    /**
     * Reads it for the first time.
     *
     * @throws SciabcException as the source does
     */
    KeptList(ListSource source, SightingListener listener) throws SciabcException {
        this.source = source;
        this.listener = listener;
        this.current = source.read();
        this.last = current;
    }

    NodeList current() {
        return current;
    }

    /** Reads it again; the new list when it is another one. */
    Optional<NodeList> another() {
        NodeList now;
        try {
            now = source.read();
        } catch (SciabcException unusable) {
            tell(unusable.what() + ": " + unusable.why());
            return Optional.empty();
        }
        boolean settled = now.equals(last);
        last = now;
        if (settled && !problem.isEmpty()) {
            problem = "";
            listener.notice(Notice.info("the list of nodes can be used again"));
        }
        if (!settled || now.equals(current)) {
            return Optional.empty();
        }
        current = now;
        return Optional.of(now);
    }

    private void tell(String text) {
        if (!text.equals(problem)) {
            problem = text;
            listener.notice(Notice.warning(text + "; the list stays as it was"));
        }
    }
}
