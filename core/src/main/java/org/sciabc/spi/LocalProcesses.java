// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Map;

/**
 * Starts programs on this machine, and sees to it that none is left behind. Provided by the host, and may be used by several
 * threads at once.
 */
public interface LocalProcesses {

    /**
     * Runs a program to its end, in the folder in which sciabc was started. When the thread is interrupted, the program is
     * asked to end (SIGTERM), given time to clean up, and killed with its descendants when it does not. Programs that other
     * threads run go on: who runs several ends all of them by interrupting each thread.
     *
     * <p>When it returns, all output has been passed on, also that of what the program has left running with its output. Input
     * is read in advance, and by a thread that stays when the program has ended, until there is something to read or the input
     * ends; what it then reads is lost. Programs that are run at once, or one after another, would tear a job's input apart:
     * it is for one of them, and {@link CommandStreams#to} gives none to the others.
     *
     * @param command the program and its arguments; a program named without a folder is looked for in the {@code PATH} with
     *     which sciabc was started
     * @param environment variables to set besides the inherited ones
     * @param streams where its input comes from, and its output goes to, on a thread for each
     * @throws SciabcException when the program could not be started
     * @throws InterruptedException when the thread was interrupted; the program has ended
     */
    ExitStatus run(List<String> command, Map<String, String> environment, CommandStreams streams)
            throws SciabcException, InterruptedException;
}
