// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sciabc.roster.Discovered;
import org.sciabc.spi.Untrusted;

/**
 * Which backends ran where, and what each saw there.
 *
 * @param rows in order
 */
public record Findings(List<Row> rows) {
    private static final int LONGEST_PLACE = 60;
    private static final int LONGEST_FINDING = 300;

    /**
     * What one backend saw at one place.
     *
     * @param backend its id
     * @param place such as {@code eth0 10.0.3.12}; empty text where it got to none
     * @param finding such as {@code 3 answers}
     */
    public record Row(String backend, String place, String finding) {
        public Row {
            place = Untrusted.line(place, LONGEST_PLACE);
            finding = Untrusted.line(finding, LONGEST_FINDING);
        }
    }

    public Findings {
        rows = List.copyOf(rows);
    }

    /** What one backend saw at each place. */
    public static Findings of(String backend, Map<String, String> listening) {
        List<Row> rows = new ArrayList<>();
        listening.forEach((place, finding) -> rows.add(new Row(backend, place, finding)));
        return new Findings(rows);
    }

    /** What all backends of a discovery saw; one that failed, or never came to listen, is there, too. */
    public static Findings of(Discovered discovered) {
        List<Row> rows = new ArrayList<>();
        for (Discovered.BackendReport report : discovered.reports()) {
            rows.addAll(of(report.backend(), report.listening()).rows());
            report.failure()
                    .ifPresent(failure -> rows.add(new Row(report.backend(), "", "failed: " + failure.getMessage())));
            if (report.listening().isEmpty() && report.failure().isEmpty()) {
                rows.add(new Row(report.backend(), "", "did not begin to listen in time"));
            }
        }
        return new Findings(rows);
    }

    /** One line a row, in columns. */
    public List<String> lines() {
        int backends = width(rows.stream().map(Row::backend).toList(), 8);
        int places = width(rows.stream().map(Row::place).toList(), 16);
        return rows.stream()
                .map(row -> String.format(
                                "  %-" + backends + "s  %-" + places + "s  %s",
                                row.backend(),
                                row.place(),
                                row.finding())
                        .stripTrailing())
                .toList();
    }

    /** The lines, each on a line of its own below what stands before them. */
    public String text() {
        StringBuilder text = new StringBuilder();
        lines().forEach(line -> text.append(System.lineSeparator()).append(line));
        return text.toString();
    }

    /** Writes the array {@code listening} into the object that is open. */
    public void write(JsonStringWriter json) {
        json.array("listening");
        for (Row row : rows) {
            json.object()
                    .value("backend", row.backend())
                    .value("place", row.place())
                    .value("finding", row.finding())
                    .end();
        }
        json.end();
    }

    private static int width(List<String> texts, int least) {
        return texts.stream().mapToInt(String::length).reduce(least, Math::max);
    }
}
