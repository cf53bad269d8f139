// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * The first meeting with nodes on which jobs are to run: their host keys are decided about, and they have to let us in with a
 * key, because a launcher's remote shell never asks for a password.
 */
public final class Introduction {
    private static final String HINT = "jobs are started with a key: 'sciabc provision' puts the cluster's on a node,"
            + " once with --ask-password where there is no other way in";

    private final Access access;
    private final Crowd crowd;

    public Introduction(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
    }

    /**
     * Reaches all of them, and returns when each has answered or failed.
     *
     * @return one result a node, in the order of the nodes
     * @throws InterruptedException when the thread was interrupted
     */
    public List<Crowd.Result<Node>> run(List<Node> nodes) throws InterruptedException {
        return crowd.each(nodes, this::meet, access::drop);
    }

    private Node meet(Node node, Deadline deadline) throws SciabcException, InterruptedException {
        String user = access.user(node).name();
        boolean hasPassword = access.password(node).isPresent();
        try {
            access.connection(node, deadline);
        } catch (ConnectException refused) {
            throw refused.kind() == Kind.AUTHENTICATION
                    ? new ConnectException(refused.kind(), refused.what(), refused.why(), HINT)
                    : refused;
        }
        if (hasPassword) {
            proveKey(node, user, deadline);
        }
        return node;
    }

    private void proveKey(Node node, String user, Deadline deadline) throws SciabcException, InterruptedException {
        try {
            access.proveKeyLogin(node, user, deadline);
        } catch (ConnectException refused) {
            throw refused.kind() == Kind.AUTHENTICATION
                    ? new ConnectException(
                            refused.kind(), "only the password lets " + user + " in", refused.why(), HINT)
                    : refused;
        }
    }
}
