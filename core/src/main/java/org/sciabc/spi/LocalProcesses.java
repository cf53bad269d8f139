// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Map;

/** Starts programs on this machine, and sees to it that none is left behind. Provided by the host. */
public interface LocalProcesses {

    /**
     * Runs a program to its end. When the thread is interrupted, the program is asked to end (SIGTERM), given time to clean
     * up, and killed with its descendants when it does not.
     *
     * @param command the program and its arguments
     * @param environment variables to set besides the inherited ones
     * @throws SciabcException when the program could not be started
     * @throws InterruptedException when the thread was interrupted; the program has ended
     */
    ExitStatus run(List<String> command, Map<String, String> environment, CommandStreams streams)
            throws SciabcException, InterruptedException;
}
