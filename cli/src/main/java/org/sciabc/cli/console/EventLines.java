// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterEvent;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** One line an event, for logs and for people who look at them later. */
public final class EventLines implements RosterView {
    private final Terminal terminal;

    /** Events on this terminal's standard output, and everything else on its standard error. */
    public EventLines(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void changed(List<RosterEvent> events, List<RosterEntry> entries) {
        events.forEach(event -> terminal.out().println(line(event)));
        terminal.out().flush();
    }

    @Override
    public void listening(String backend, String place, String finding) {
        terminal.detail(backend + " " + place + ": " + finding);
    }

    @Override
    public void hostfile(Path file, int nodes) {
        terminal.detail(file + " lists " + nodes + (nodes == 1 ? " node" : " nodes"));
    }

    @Override
    public void notice(Notice notice) {
        if (notice.level() == Notice.Level.WARNING) {
            terminal.warning(notice.text());
        } else {
            terminal.say(notice.text());
        }
    }

    @Override
    public void failed(SciabcException failure) {
        terminal.trace(failure);
    }

    @Override
    public boolean isRead() {
        return !terminal.out().checkError();
    }

    private static String line(RosterEvent event) {
        RosterEntry entry = event.entry();
        return event.at().truncatedTo(ChronoUnit.MILLIS) + " "
                + event.kind().name().toLowerCase(Locale.ROOT) + " "
                + entry.node().name() + " " + NodeCells.address(entry).replace(" port ", ":") + " user="
                + NodeCells.user(entry) + " cores=" + NodeCells.cores(entry) + " state=" + NodeCells.state(entry)
                + " seen-by=" + NodeCells.seenBy(entry);
    }
}
