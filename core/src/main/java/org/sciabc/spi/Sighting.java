// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Objects;
import java.util.Optional;

/** One backend's report that it saw a node, or lost it. */
public sealed interface Sighting {

    /**
     * The backend's own name for the announcement that this is about: stable while it lasts, unique within one watch, such
     * as a service instance together with its interface.
     */
    String source();

    /**
     * A node was seen. Reporting a source again replaces what was known of it.
     *
     * @param source the backend's name for the announcement
     * @param node what it said
     * @param networkInterface the name of the interface that it was seen on, where that is known
     */
    record Seen(String source, Node node, Optional<String> networkInterface) implements Sighting {
        public Seen {
            Objects.requireNonNull(source, "source is null");
            Objects.requireNonNull(node, "node is null");
            Objects.requireNonNull(networkInterface, "networkInterface is null");
        }
    }

    /**
     * What was reported before under this source is no longer there.
     *
     * @param source the backend's name for the announcement
     * @param reason how the backend came to think so
     */
    record Lost(String source, Reason reason) implements Sighting {
        public Lost {
            Objects.requireNonNull(source, "source is null");
            Objects.requireNonNull(reason, "reason is null");
        }
    }

    /** How a backend came to think that a node is no longer there. */
    enum Reason {
        /** It said goodbye. */
        LEFT,
        /** Its announcement ran out without being renewed. */
        EXPIRED,
        /** The backend's own failure detection gave it up. */
        FAILED
    }
}
