// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.List;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** Hears how a roster changes. Its methods are called on the thread that watches, return quickly and never throw. */
public interface RosterListener {

    /**
     * Takes changes. Is also called once at the beginning, perhaps without any.
     *
     * @param events what happened, never the same twice
     * @param entries the whole roster after that, nodes that are gone included, sorted by name
     */
    void changed(List<RosterEvent> events, List<RosterEntry> entries);

    /**
     * Takes the names of this machine's interfaces in use, at the beginning and whenever they change. None means that this
     * machine is cut off, so that nothing can be told of nodes elsewhere.
     */
    void networks(List<String> interfaces);

    /** Takes what a backend observes at one place; a later one for the same place replaces the former. */
    void listening(String backend, String place, String finding);

    /** Takes a notice for the console. */
    void notice(Notice notice);

    /** Takes why a backend failed, whenever one does. A notice says it, too: this is for where it came from. */
    default void failed(SciabcException failure) {}
}
