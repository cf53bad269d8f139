// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Optional;

/**
 * What a launcher has begun of a job before the checks let it run, see {@link JobLauncher#startEarly} and {@link
 * JobLauncher#startAhead}. Nothing of the job's program has run. Used once at most, and always closed.
 */
public interface EarlyStart extends AutoCloseable {

    /**
     * Runs the job in what has begun, to its end, as {@link JobLauncher#launch} would.
     *
     * @param request the job after the checks, which may be on fewer nodes, in another folder, and on other networks than it
     *     was expected to be
     * @return the job's own exit status; absent when this is not the job that was expected, or cannot be run in this way:
     *     nothing of it ran, and it can be launched
     * @throws SciabcException when the job could not be started and cannot be launched either
     * @throws InterruptedException when the thread was interrupted; the job was ended
     */
    Optional<ExitStatus> launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException;

    /**
     * Every node has answered the checks, which are being judged now: this machine has time for what it can do for the job, where
     * before that the nodes may have been busy on its account. Called at most once, before {@link #launch}; not where nobody checks.
     * Must return at once; what takes time goes on in the background. Nothing may be opened on nodes.
     */
    default void answered() {}

    /**
     * Whether {@link #launch} would find everything begun: nothing of it takes time any more, and nothing has ended or been used.
     * May be asked at any time and by any thread, and must answer at once.
     */
    default boolean isReady() {
        return false;
    }

    /**
     * Takes back what was not used, on every node. Takes seconds at most. An interrupted thread is still interrupted
     * afterwards.
     *
     * @throws SciabcException when something stays
     */
    @Override
    void close() throws SciabcException;
}
