// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.roster.NodeState;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterEvent;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** The roster as a table that stays where it is and changes. Notices scroll by above it. */
public final class LiveTable implements RosterView, Terminal.Drawing {
    /** A node that went is shown for so long: who looks up has to see who it was. */
    private static final Duration FAREWELL = Duration.ofMinutes(1);

    private static final int MOST_PLACES = 6;
    private static final int FEWEST_NODES = 3;

    private final Terminal terminal;
    private final PrintStream out;
    private final String cluster;
    private final InstantSource clock;
    private final Map<String, String> listening = new LinkedHashMap<>();
    private final Map<Path, Integer> hostfiles = new LinkedHashMap<>();
    private List<RosterEntry> roster = List.of();
    private int drawn;

    /**
     * A table on this terminal's standard output.
     *
     * @param clock what ages are counted by
     */
    public LiveTable(Terminal terminal, String cluster, InstantSource clock) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.cluster = cluster;
        this.clock = clock;
        terminal.drawing(Optional.of(this));
    }

    @Override
    public void changed(List<RosterEvent> events, List<RosterEntry> entries) {
        redrawAfter(() -> roster = entries);
    }

    @Override
    public void listening(String backend, String place, String finding) {
        redrawAfter(() -> {
            String key = (backend + " " + place).strip();
            if (listening.containsKey(key) || listening.size() < MOST_PLACES) {
                listening.put(key, finding);
            }
        });
    }

    @Override
    public void hostfile(Path file, int nodes) {
        redrawAfter(() -> hostfiles.put(file, nodes));
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
    public void tick() {
        redrawAfter(() -> {});
    }

    @Override
    public boolean isRead() {
        return !out.checkError();
    }

    /** Leaves the last state where it is. */
    @Override
    public void close() {
        synchronized (terminal) {
            terminal.drawing(Optional.empty());
            drawn = 0;
        }
    }

    @Override
    public void draw() {
        List<String> lines = lines();
        lines.forEach(line -> out.println(cut(line)));
        out.flush();
        drawn = lines.size();
    }

    @Override
    public void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[0J");
            out.flush();
            drawn = 0;
        }
    }

    private void redrawAfter(Runnable change) {
        synchronized (terminal) {
            change.run();
            erase();
            draw();
        }
    }

    private List<String> lines() {
        Instant now = clock.instant();
        List<RosterEntry> shown = roster.stream()
                .filter(entry -> entry.isUsable()
                        || (entry.state() == NodeState.GONE
                                && entry.since().plus(FAREWELL).isAfter(now)))
                .toList();
        // What is drawn must not be higher than the terminal, where it could not be drawn over again: a title, perhaps
        // a line
        // for more nodes, and the line that the cursor is on.
        int free = terminal.height() - 3;
        List<String> notes = notes(Math.max(1, free - Math.min(shown.size(), FEWEST_NODES)));
        int room = Math.max(1, free - notes.size());
        List<String> lines = new ArrayList<>(NodeTable.live(shown, now));
        if (shown.size() > room) {
            lines.subList(room + 1, lines.size()).clear();
            lines.add("... and " + (shown.size() - room) + " more");
        }
        lines.addAll(notes);
        return lines;
    }

    private List<String> notes(int most) {
        List<String> notes = new ArrayList<>();
        long alive = count(NodeState.ALIVE);
        long suspect = count(NodeState.SUSPECT);
        notes.add("cluster " + cluster + ": " + alive + " alive" + (suspect == 0 ? "" : ", " + suspect + " suspect")
                + "; Ctrl-C ends the watch");
        hostfiles.forEach((file, nodes) -> notes.add("  " + file + ": " + nodes + (nodes == 1 ? " node" : " nodes")));
        listening.forEach((place, finding) -> notes.add("  " + place + ": " + finding));
        return notes.subList(0, Math.min(notes.size(), most));
    }

    private long count(NodeState state) {
        return roster.stream()
                .filter(entry -> entry.isUsable() && entry.state() == state)
                .count();
    }

    private String cut(String line) {
        return line.length() < terminal.width() ? line : line.substring(0, terminal.width() - 1);
    }
}
