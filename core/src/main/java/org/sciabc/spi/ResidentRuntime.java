// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Optional;

/**
 * Something that a launcher keeps running on the nodes between jobs, so that the next one starts sooner. While it runs,
 * {@link JobLauncher#launch} uses it by itself, for jobs on exactly these nodes, slots and accounts; for others it is first
 * brought in line, or not used. A job never runs on nodes that its request does not name.
 */
public interface ResidentRuntime {

    /**
     * Starts it, or brings what runs in line with these nodes.
     *
     * @return what runs now; absent when the programs that are installed on this machine offer nothing of the kind
     * @throws SciabcException when it could not be started; nothing of it runs then
     * @throws InterruptedException when the thread was interrupted; nothing of it runs then
     */
    Optional<Resident> start(ResidentRequest request) throws SciabcException, InterruptedException;

    /** What runs now; absent when nothing does. Must answer within a second, and starts nothing on nodes. */
    Optional<Resident> state(StandingRequest request) throws SciabcException;

    /**
     * Ends it on this machine and on every node. That nothing runs is no failure.
     *
     * @return whether something ran
     * @throws SciabcException when something stays
     */
    boolean stop(StandingRequest request) throws SciabcException, InterruptedException;
}
