// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.nio.file.Path;
import java.util.List;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterEvent;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** Shows how a roster changes. May be used from several threads. */
public interface RosterView extends AutoCloseable {

    /** Shows changes, and the whole roster after them. */
    void changed(List<RosterEvent> events, List<RosterEntry> entries);

    /** Shows what a backend observes at one place, instead of what it observed there before. */
    void listening(String backend, String place, String finding);

    /** Shows that a hostfile lists so many nodes now. */
    void hostfile(Path file, int nodes);

    /** Shows a notice. */
    void notice(Notice notice);

    /** Shows where a backend's failure came from, to who asked for that. */
    void failed(SciabcException failure);

    /** Time has passed: about once a second. */
    default void tick() {}

    /** Whether anybody still reads what is shown. */
    boolean isRead();

    @Override
    default void close() {}
}
