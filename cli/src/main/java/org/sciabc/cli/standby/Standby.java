// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.standby;

import java.time.Duration;
import java.time.Instant;
import org.sciabc.launch.NextJob;
import org.sciabc.launch.WaitingShells;
import org.sciabc.plugin.KeptPlugins;
import org.sciabc.spi.SciabcException;

/** The process that runs a command, where it stays for the next one. */
public interface Standby {

    /** When the command that runs now was asked for. */
    Instant askedAt();

    /** What was loaded of the plugins. */
    KeptPlugins plugins();

    /** The shells on nodes that wait for the checks of the next launch. */
    WaitingShells shells();

    /** What was begun of the next job. */
    NextJob nextJob();

    /**
     * Sets after how long without a command it ends.
     *
     * @throws SciabcException when that cannot be written where others look
     */
    void stayFor(Duration idle) throws SciabcException;
}
