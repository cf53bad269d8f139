// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Optional;

/**
 * A way to reach one node and run commands on it. Authentication and host keys are its business; fan-out, deadlines over
 * several steps and retries are the host's.
 *
 * <p>The host calls {@link #connect} for many nodes at once from many threads.
 *
 * <p>Whether a node is alive the host asks by itself, whichever provisioner is used: it connects to the SSH server at
 * {@link Node#port}. To a watch, a node without one is gone.
 */
public interface Provisioner extends Component {

    /** What a provisioner may be unable to do. */
    enum Feature {
        /** {@link ConnectRequest#password} as a way to authenticate. */
        PASSWORD,
        /** {@link NodeConnection#upload}. */
        UPLOAD,
        /** {@link #remoteShell}. */
        REMOTE_SHELL
    }

    /**
     * Whether this provisioner can do that; every one can, unless it says no. What is declared <em>no</em> must be refused
     * with a clear {@link SciabcException}, never ignored.
     */
    default boolean supports(Feature feature) {
        return true;
    }

    /**
     * Reaches a node: connects, verifies that it is the right one, and authenticates, in this order. Nothing secret may be
     * sent before the node's key was verified. The addresses of the node are tried in their order; a provisioner that knows
     * nodes otherwise, such as containers of this machine by their name, need not use them, and asks about no key where
     * there is none.
     *
     * <p>Must return or throw within the request's timeout (the time that a person takes to answer a question about a host
     * key does not count), even when the node accepts a connection and then says nothing. Interruption must be obeyed
     * within one second. Never prompts by itself.
     *
     * @throws ConnectException when the node was not reached, with the reason for each alternative that was tried
     * @throws SciabcException when nothing could be tried
     * @throws InterruptedException when the thread was interrupted
     */
    NodeConnection connect(ConnectRequest request) throws SciabcException, InterruptedException;

    /**
     * A command line on this machine, with which a launcher can start programs on these nodes as
     * {@code COMMAND ADDRESS PROGRAM...}, without ever prompting and without the user's own configuration. May write files
     * below the request's state folder, atomically, and, where the request is cold, begin to connect to the nodes, which must not take
     * longer than a node of the same network does.
     *
     * <p>It must behave as ssh(1) does, on which launchers and the host rely: the words of the program are joined with blanks,
     * and a shell on the node reads them, the account's own; standard input is passed on to its end, and output as it comes;
     * the exit status is the program's, or 255 where the node was not reached.
     *
     * @throws SciabcException when there is no such command here, or when it is not supported
     */
    RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException;

    /**
     * Those of the nodes that {@link #remoteShell} would not let anybody reach, because their key is not known yet: to
     * {@link #connect} once decides about it. Looks at this machine alone, and must answer within a second.
     *
     * @return in the order of the request; empty unless nodes have keys that are asked about
     * @throws SciabcException when it cannot be found out
     */
    default List<ReadyNode> unknown(RemoteShellRequest request) throws SciabcException {
        return List.of();
    }

    /**
     * The connections of {@link #remoteShell} that stay open between launches.
     *
     * @return absent when none ever does
     */
    default Optional<OpenConnections> openConnections() {
        return Optional.empty();
    }
}
