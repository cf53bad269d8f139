// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A job's record as JSON: on disk, and for people who script. */
public final class JobRecordJson {
    private static final int FORMAT = 1;

    private JobRecordJson() {}

    static String write(JobRecord record) {
        JsonStringWriter json = JsonWriter.indent("  ").string();
        json.object().value("format", FORMAT).value("id", record.id());
        describe(json, record);
        return json.end().done() + "\n";
    }

    /** Writes what is kept of a job into an object that is open, its number apart. */
    public static void describe(JsonStringWriter json, JobRecord record) {
        json.array("command");
        record.command().forEach(json::value);
        json.end().value("ranks", record.ranks()).array("nodes");
        for (JobRecord.Place node : record.nodes()) {
            json.object()
                    .value("name", node.name())
                    .value("address", node.address())
                    .value("slots", node.slots())
                    .end();
        }
        json.end().value("start", record.start().toString());
        record.ending().ifPresent(ending -> {
            json.value("end", ending.end().toString()).value("status", ending.status());
            ending.why().ifPresent(why -> json.value("why", why));
        });
    }

    /** Reads a record; absent when the text is none, such as half of one. */
    static Optional<JobRecord> parse(String text) {
        try {
            JsonObject json = JsonParser.object().from(text);
            if (json.getInt("format") != FORMAT) {
                return Optional.empty();
            }
            List<JobRecord.Place> nodes = new ArrayList<>();
            for (Object each : array(json, "nodes")) {
                if (each instanceof JsonObject node) {
                    nodes.add(new JobRecord.Place(
                            node.getString("name", ""), node.getString("address", ""), node.getInt("slots")));
                }
            }
            List<String> command =
                    array(json, "command").stream().map(String::valueOf).toList();
            Optional<JobRecord.Ending> ending = json.has("end")
                    ? Optional.of(new JobRecord.Ending(
                            Instant.parse(json.getString("end", "")),
                            json.getInt("status"),
                            Optional.ofNullable(json.getString("why"))))
                    : Optional.empty();
            return Optional.of(new JobRecord(
                    json.getInt("id"),
                    command,
                    json.getInt("ranks"),
                    nodes,
                    Instant.parse(json.getString("start", "")),
                    ending));
        } catch (JsonParserException | DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static JsonArray array(JsonObject json, String key) {
        JsonArray array = json.getArray(key);
        return array == null ? new JsonArray() : array;
    }
}
