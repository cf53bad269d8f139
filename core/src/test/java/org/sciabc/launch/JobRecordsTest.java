// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

class JobRecordsTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant END = Instant.parse("2026-03-01T10:00:05Z");

    @TempDir
    private Path state;

    @Test
    void aJobIsKeptWithItsOutputAndHowItEnded() throws Exception {
        JobRecords records = new JobRecords(state);
        try (JobRecords.Running job = begin(records)) {
            job.output().write("hello\n".getBytes(StandardCharsets.UTF_8));
            job.ended(new JobRecord.Ending(END, 3, Optional.of("a node died")));
        }

        JobRecords.Kept kept = records.find(1).orElseThrow();
        assertThat(kept.isRunning()).isFalse();
        assertThat(kept.record().command()).containsExactly("./a program", "é", "'");
        assertThat(kept.record().nodes()).containsExactly(new JobRecord.Place("node1", "10.0.3.1", 2));
        assertThat(kept.record().ending()).contains(new JobRecord.Ending(END, 3, Optional.of("a node died")));
        try (var output = records.output(1)) {
            assertThat(output).hasContent("hello\n");
        }
    }

    @Test
    void aJobWithoutAnEndRunsOrHasCrashed() throws Exception {
        JobRecords records = new JobRecords(state);
        try (JobRecords.Running job = begin(records)) {
            assertThat(records.find(job.id()).orElseThrow().isRunning()).isTrue();
        }

        assertThat(records.find(1).orElseThrow().isRunning()).isFalse();
        assertThat(records.find(1).orElseThrow().record().ending()).isEmpty();
    }

    @Test
    void onlyTheirOwnerReadsThem() throws Exception {
        JobRecords records = new JobRecords(state);
        begin(records).close();

        try (var files = Files.walk(state.resolve("jobs"))) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .endsWith("------"));
        }
    }

    @Test
    void theOldestAreForgottenWithWhatSomebodyLeftThere() throws Exception {
        JobRecords records = new JobRecords(state);
        begin(records).close();
        Files.writeString(state.resolve("jobs/1/.job.json.1.tmp"), "");
        for (int i = 0; i < JobRecords.MOST_JOBS + 1; i++) {
            begin(records).close();
        }

        assertThat(records.all()).hasSize(JobRecords.MOST_JOBS);
        assertThat(records.all().get(0).record().id()).isEqualTo(JobRecords.MOST_JOBS + 2);
        assertThat(records.find(1)).isEmpty();
    }

    @Test
    void whatIsNoRecordIsLeftOut() throws Exception {
        JobRecords records = new JobRecords(state);
        begin(records).close();
        Files.writeString(state.resolve("jobs/1/job.json"), "{\"format\": 1, \"id\": 1, \"com");

        assertThat(records.all()).isEmpty();
    }

    @Test
    void whereNoJobRanNoneIsKept() throws Exception {
        assertThat(new JobRecords(state).all()).isEmpty();
    }

    private static JobRecords.Running begin(JobRecords records) throws Exception {
        var address = Subnet.parse("10.0.3.1").orElseThrow().base();
        ReadyNode node = new ReadyNode(Node.of("node1", List.of(address)), address, "pi", 2);
        return records.begin(List.of("./a program", "é", "'"), 2, List.of(node), START);
    }
}
