// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * The connections of {@link Provisioner#remoteShell} that stay open between launches. Each closes by itself when nobody has
 * used it for a while.
 */
public interface OpenConnections {

    /**
     * What is open now. Must answer within a second; connections whose keeper has died are not listed, and what is left of
     * them is removed.
     *
     * @return sorted by name; empty when nothing is open
     * @throws SciabcException when that cannot be found out
     */
    List<OpenConnection> list(StandingRequest request) throws SciabcException, InterruptedException;

    /**
     * Closes connections, whether or not their nodes still answer. What is closed already is no failure.
     *
     * @param nodes the addresses of the nodes to let go; empty means all of the cluster's
     * @return how many were closed
     * @throws SciabcException when one stays open, and which
     */
    int close(StandingRequest request, Set<InetAddress> nodes) throws SciabcException, InterruptedException;

    /**
     * Closes what this process has opened through shells that leave nothing open (see {@link RemoteShellRequest#isCold}).
     * Called once, when nothing uses them any longer. Must not wait for nodes that do not answer.
     *
     * @throws SciabcException when one stays open
     */
    void closeOwn(StandingRequest request) throws SciabcException, InterruptedException;
}
