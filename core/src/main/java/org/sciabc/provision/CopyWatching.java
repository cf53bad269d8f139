// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import org.sciabc.spi.Node;

/** Who is told while files are copied. */
public interface CopyWatching extends Crowd.Watching<Copied> {
    /** Nobody. */
    CopyWatching NOBODY = new CopyWatching() {};

    /** So many bytes more went to the node, or came from it. Called by the node's thread, or by one of its connection's. */
    default void moved(Node node, long bytes) {}
}
