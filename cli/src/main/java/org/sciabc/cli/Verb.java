// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import org.sciabc.spi.SciabcException;

/** One thing that {@code sciabc} does. An instance holds the options of one run; JCommander fills its fields. */
public interface Verb {
    /**
     * Does it.
     *
     * @return the exit status
     */
    int run(Session session) throws SciabcException, InterruptedException;

    /** Whether this verb takes a job after {@code --}. */
    default boolean takesJob() {
        return false;
    }

    /** Whether plugins are read, as a rule. */
    default boolean usesPlugins() {
        return true;
    }

    /** Whether Ctrl-C needs cleaning up; a verb that ends at once can do without and starts faster. */
    default boolean isInterruptible() {
        return true;
    }
}
