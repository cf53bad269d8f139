// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;

/**
 * Connections of a job's remote shell that stayed open from earlier launches. One whose node was away for a moment can hang
 * for 20 s before it is given up, although a new one would be there at once.
 */
public interface KeptConnections {
    /** Where nothing stays open. */
    KeptConnections NONE = new KeptConnections() {
        @Override
        public Set<InetAddress> openedBefore(Instant moment) {
            return Set.of();
        }

        @Override
        public RemoteShell another(Set<InetAddress> nodes) throws SciabcException {
            throw new SciabcException("there is no other way", "nothing stays open", "");
        }

        @Override
        public void close(Set<InetAddress> nodes) {
            // There is none.
        }
    };

    /**
     * The nodes whose connection was open before that moment already.
     *
     * @throws SciabcException when that cannot be found out
     */
    Set<InetAddress> openedBefore(Instant moment) throws SciabcException, InterruptedException;

    /** The shells that wait on nodes, and on this machine; empty in a process that does not stay for the next launch. */
    default Optional<WaitingShells> shells() {
        return Optional.empty();
    }

    /** A remote shell to these of the nodes that makes connections of its own. */
    RemoteShell another(Set<InetAddress> nodes) throws SciabcException;

    /** Lets go those to these nodes, whether or not they still answer, and whatever else runs over them. */
    void close(Set<InetAddress> nodes) throws SciabcException, InterruptedException;
}
