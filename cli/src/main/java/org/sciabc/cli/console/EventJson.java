// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.sciabc.roster.RosterEntry;
import org.sciabc.roster.RosterEvent;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/** One JSON object a line: the keys are documented and stable. */
public final class EventJson implements RosterView {
    private final Terminal terminal;
    private final InstantSource clock;

    /**
     * Events on this terminal's standard output.
     *
     * @param clock what dates notices
     */
    public EventJson(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    /** One event as an object. */
    public static String of(RosterEvent event) {
        JsonStringWriter json =
                begin(event.kind().name().toLowerCase(Locale.ROOT), event.at()).object("node");
        NodeJson.fields(json, event.entry());
        return json.end().end().done();
    }

    @Override
    public void changed(List<RosterEvent> events, List<RosterEntry> entries) {
        events.forEach(event -> print(of(event)));
    }

    @Override
    public void listening(String backend, String place, String finding) {
        print(now("listening")
                .value("backend", backend)
                .value("place", place)
                .value("finding", finding)
                .end()
                .done());
    }

    @Override
    public void hostfile(Path file, int nodes) {
        print(now("hostfile")
                .value("file", file.toString())
                .value("nodes", nodes)
                .end()
                .done());
    }

    @Override
    public void notice(Notice notice) {
        print(now("notice")
                .value("level", notice.level().name().toLowerCase(Locale.ROOT))
                .value("text", notice.text())
                .end()
                .done());
    }

    @Override
    public void failed(SciabcException failure) {
        terminal.trace(failure);
    }

    @Override
    public boolean isRead() {
        return !terminal.out().checkError();
    }

    private JsonStringWriter now(String event) {
        return begin(event, clock.instant());
    }

    private static JsonStringWriter begin(String event, Instant at) {
        return JsonWriter.string()
                .object()
                .value("event", event)
                .value("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    private synchronized void print(String line) {
        terminal.json(line);
        terminal.out().flush();
    }
}
