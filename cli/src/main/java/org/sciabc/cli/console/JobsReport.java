// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sciabc.launch.JobRecord;
import org.sciabc.launch.JobRecordJson;
import org.sciabc.launch.JobRecords;
import org.sciabc.provision.ShellText;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.Untrusted;

/** The records of jobs, for people and for programs. */
public final class JobsReport {
    private static final int COMMAND_WIDTH = 60;

    private final Terminal terminal;
    private final PrintStream out;
    private final String cluster;
    private final DateTimeFormatter clock;

    /**
     * A report.
     *
     * @param zone the time of day where the person is
     */
    public JobsReport(Terminal terminal, String cluster, ZoneId zone) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.cluster = cluster;
        this.clock =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** A line a job, the latest first. */
    public void table(List<JobRecords.Kept> jobs, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("JOB", "STATE", "STATUS", "STARTED", "TOOK", "NODES", "RANKS", "COMMAND"));
        for (JobRecords.Kept job : jobs) {
            JobRecord record = job.record();
            rows.add(List.of(
                    Integer.toString(record.id()),
                    state(job),
                    record.ending()
                            .map(ending -> Integer.toString(ending.status()))
                            .orElse("-"),
                    clock.format(record.start()),
                    took(job, now),
                    nodes(record),
                    Integer.toString(record.ranks()),
                    command(record, COMMAND_WIDTH)));
        }
        Columns.aligned(rows).forEach(out::println);
    }

    /** Everything that is known of one job, and its output as it was. */
    public void details(JobRecords.Kept job, Instant now, InputStream output) throws IOException {
        JobRecord record = job.record();
        out.println("job      " + record.id());
        out.println("state    " + state(job));
        record.ending().ifPresent(ending -> out.println("status   " + ending.status()));
        record.ending().flatMap(JobRecord.Ending::why).ifPresent(why -> out.println("why      " + why));
        out.println("command  " + command(record, Integer.MAX_VALUE / 8));
        out.println("ranks    " + record.ranks());
        out.println("nodes    " + nodes(record));
        out.println("start    " + clock.format(record.start()));
        record.ending().ifPresent(ending -> out.println("end      " + clock.format(ending.end())));
        out.println("took     " + took(job, now));
        out.println();
        output.transferTo(out);
    }

    /** One object with all jobs. */
    public void json(List<JobRecords.Kept> jobs) {
        JsonStringWriter json =
                JsonWriter.string().object().value("cluster", cluster).array("jobs");
        for (JobRecords.Kept job : jobs) {
            write(json.object(), job);
            json.end();
        }
        terminal.json(json.end().end().done());
    }

    /** One object with one job and its output. */
    public void json(JobRecords.Kept job, InputStream output) throws IOException {
        JsonStringWriter json = JsonWriter.string().object().value("cluster", cluster);
        write(json, job);
        json.value("output", new String(output.readAllBytes(), StandardCharsets.UTF_8));
        terminal.json(json.end().done());
    }

    private static void write(JsonStringWriter json, JobRecords.Kept job) {
        JobRecord record = job.record();
        json.value("id", record.id()).value("state", state(job));
        JobRecordJson.describe(json, record);
    }

    private static String state(JobRecords.Kept job) {
        if (job.isRunning()) {
            return "running";
        }
        return job.record()
                .ending()
                .map(ending -> ending.status() == 0 ? "done" : "failed")
                .orElse("crashed");
    }

    private static String took(JobRecords.Kept job, Instant now) {
        Instant start = job.record().start();
        if (job.isRunning()) {
            return seconds(Duration.between(start, now));
        }
        return job.record()
                .ending()
                .map(ending -> seconds(Duration.between(start, ending.end())))
                .orElse("-");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1000.0);
    }

    private static String nodes(JobRecord record) {
        return NodeSet.of(record.nodes().stream().map(JobRecord.Place::name).toList())
                .toString();
    }

    private static String command(JobRecord record, int width) {
        return Untrusted.line(record.command().stream().map(JobsReport::shown).collect(Collectors.joining(" ")), width);
    }

    private static String shown(String word) {
        return word.matches("[\\w@%+=:,./~^-]+") ? word : ShellText.quote(word);
    }
}
