// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Durations;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.Resident;

/** What stays open between launches, for people and for scripts. */
public final class StandingText {
    private StandingText() {}

    /** A line for each connection, for what runs on the nodes, and for what stays here; nothing where nothing is open. */
    public static List<String> lines(
            List<OpenConnection> connections,
            Optional<Resident> resident,
            Optional<StayingProcess> staying,
            Instant now) {
        List<List<String>> rows = new ArrayList<>();
        for (OpenConnection connection : connections) {
            rows.add(List.of(
                    connection.name(),
                    "connection to " + connection.user() + "@"
                            + connection.address().getHostAddress() + " port " + connection.port(),
                    open(connection.since(), now),
                    "closes " + Durations.format(connection.idle()) + " after its last use"));
        }
        resident.ifPresent(running -> rows.add(List.of(
                NodeSet.of(running.nodes()).toString(),
                running.what(),
                open(running.since(), now),
                "ends " + Durations.format(running.idle()) + " after its last job")));
        staying.ifPresent(process -> rows.add(List.of(
                "sciabc",
                "process " + process.process() + ", for commands typed in " + process.place(),
                open(process.since(), now),
                "ends " + Durations.format(process.idle()) + " after its last command")));
        staying.flatMap(StayingProcess::ahead)
                .ifPresent(ahead -> rows.add(List.of(
                        NodeSet.of(ahead.nodes()).toString(),
                        ahead.processes() == 1
                                ? "1 process for the next launch"
                                : ahead.processes() + " processes for the next launch",
                        open(ahead.since(), now),
                        "with the process of sciabc")));
        return rows.isEmpty() ? List.of() : Columns.aligned(rows);
    }

    /** One object. */
    public static String json(
            String cluster,
            List<OpenConnection> connections,
            Optional<Resident> resident,
            Optional<StayingProcess> staying) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("connections");
        for (OpenConnection connection : connections) {
            json.object()
                    .value("name", connection.name())
                    .value("address", connection.address().getHostAddress())
                    .value("port", connection.port())
                    .value("user", connection.user());
            end(json, connection.since(), connection.idle());
        }
        json.end();
        if (resident.isPresent()) {
            json.object("resident")
                    .value("what", resident.get().what())
                    .array("nodes", resident.get().nodes());
            end(json, resident.get().since(), resident.get().idle());
        }
        if (staying.isPresent()) {
            json.object("standby")
                    .value("process", staying.get().process())
                    .value("folder", staying.get().place());
            Optional<StayingProcess.Ahead> ahead = staying.get().ahead();
            if (ahead.isPresent()) {
                json.object("ahead")
                        .value("processes", ahead.get().processes())
                        .array("nodes", ahead.get().nodes())
                        .value("since", ahead.get().since().toString())
                        .end();
            }
            end(json, staying.get().since(), staying.get().idle());
        }
        return json.end().done();
    }

    /** Ends the object of something that stays, with how long it has and will. */
    private static void end(JsonStringWriter json, Instant since, Duration idle) {
        json.value("since", since.toString())
                .value("idleSeconds", idle.toSeconds())
                .end();
    }

    private static String open(Instant since, Instant now) {
        long seconds = Math.max(0, Duration.between(since, now).toSeconds());
        return "for " + Durations.format(Duration.ofSeconds(seconds));
    }
}
