// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.InputStream;
import java.util.Optional;

/**
 * An authenticated connection to one node. Used by one thread at a time; {@link #close} may come from any thread and ends
 * what is running.
 */
public interface NodeConnection extends AutoCloseable {

    /**
     * Runs a command to its end. Output is delivered as it comes and completely, before this returns.
     *
     * <p>When the thread is interrupted or the command's timeout passes, the remote process must be ended and this must
     * return or throw within one second more.
     *
     * @throws SciabcException when the connection broke, or the timeout passed
     * @throws InterruptedException when the thread was interrupted; the remote process was ended
     */
    ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException;

    /**
     * Writes a file on the node: into a temporary name in the same folder, then renamed over the target, so that a reader
     * never sees a part of it. The folder must exist.
     *
     * @param content read to its end; not closed
     * @param path absolute, or relative to the home folder of the account
     * @param mode permission bits such as {@code 0644}
     * @throws SciabcException when the file could not be written; the target is then as it was
     * @throws InterruptedException when the thread was interrupted; the target is then as it was
     */
    void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException;

    /**
     * The SHA-256 fingerprint of the host key that the node was verified by, as {@code SHA256:...}: the host tells by it whether
     * something that it keeps is of this node. May be called by any thread at any time, and answers at once.
     *
     * @return absent where nodes have no keys, or where it is not known
     */
    default Optional<String> hostKey() {
        return Optional.empty();
    }

    /**
     * Ends what is running, and disconnects. Must return within a few seconds when the node does not answer, and may take
     * fifteen where it does and is slow to end what runs there: the host waits for all connections together no longer than
     * that. Closing again does nothing. Never throws.
     */
    @Override
    void close();
}
