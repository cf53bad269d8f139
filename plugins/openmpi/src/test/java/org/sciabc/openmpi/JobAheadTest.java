// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ResidentRequest;

class JobAheadTest {
    @TempDir
    private Path folder;

    private FakePrte programs;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void install() throws Exception {
        programs = new FakePrte(folder);
        Files.createFile(programs.programs().resolve("prterun"));
    }

    @AfterEach
    void end() throws Exception {
        programs.end();
    }

    @Test
    void itRunsWhateverItIsTold() throws Exception {
        try (EarlyStart ahead = ahead(programs.request(2, "nothing"))) {
            LaunchRequest request =
                    programs.request(2, "sh", "-c", "cat; printf \"$1\"; echo oops >&2; exit 3", "x", "it's ");

            assertThat(launch(ahead, request, "input ")).contains(new ExitStatus(3));
        }
        assertThat(out()).hasSize("input it's it's ".length()).contains("input it's", "it's ");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("oops\noops\n");
    }

    @Test
    void itSaysWhenAllOfItIsThereUntilItIsUsed() throws Exception {
        LaunchRequest request = programs.request(3, "true");
        try (EarlyStart ahead = ahead(request)) {
            awaitReady(ahead);

            assertThat(launch(ahead, request, "")).contains(ExitStatus.OK);
            assertThat(ahead.isReady()).isFalse();
        }
    }

    @Test
    void nothingRunsWhereItIsNotUsed() throws Exception {
        Path ran = programs.programs().resolve("ran");
        EarlyStart ahead = ahead(programs.request(2, "touch", ran.toString()));
        awaitReady(ahead);
        ahead.close();

        assertThat(ahead.isReady()).isFalse();
        assertThat(ran).doesNotExist();
    }

    @Test
    void anotherJobThanTheExpectedOneIsNotRun() throws Exception {
        try (EarlyStart ahead = ahead(programs.request(2, "true"))) {
            assertThat(launch(ahead, programs.request(3, "true"), "")).isEmpty();
            assertThat(launch(ahead, programs.request(2, job(OptionalInt.of(1), Map.of()), false), ""))
                    .isEmpty();
            assertThat(launch(
                            ahead,
                            programs.request(2, job(OptionalInt.empty(), Map.of("OMPI_MCA_btl", "self")), false),
                            ""))
                    .isEmpty();
            assertThat(launch(
                            ahead,
                            programs.request(
                                    2, job(OptionalInt.empty(), Map.of()).withTags(), false),
                            ""))
                    .isEmpty();
            assertThat(launch(ahead, programs.request(2, job(OptionalInt.empty(), Map.of()), true), ""))
                    .isEmpty();
            assertThat(launch(ahead, programs.request(2, job(OptionalInt.of(2), Map.of("A", "b")), false), ""))
                    .contains(ExitStatus.OK);
        }
    }

    @Test
    void processesThatHaveEndedAreNotWaitedFor() throws Exception {
        Files.createFile(programs.programs().resolve("lossy"));
        LaunchRequest request = programs.request(2, "true");
        try (EarlyStart ahead = ahead(request)) {
            awaitReady(ahead);
            Files.createFile(programs.programs().resolve("begun"));
            programs.awaitTheirEnd();

            assertThat(launch(ahead, request, "")).isEmpty();
            assertThat(ahead.isReady()).isFalse();
        }
    }

    @Test
    void whatDoesNotStartIsNotWaitedFor() throws Exception {
        Files.createFile(programs.programs().resolve("deaf"));
        LaunchRequest request = programs.request(2, "true");
        try (EarlyStart ahead = ahead(request)) {
            assertThat(launch(ahead, request, "")).isEmpty();
        }
        assertThat(out()).isEmpty();
    }

    @Test
    void itIsNotBegunWhereItWouldNotBeUsed() throws Exception {
        LaunchRequest.Job job = job(OptionalInt.empty(), Map.of());

        assertThat(begun(programs.request(2, job, true))).isEmpty();
        assertThat(begun(programs.request(2, job.withTags(), false))).isEmpty();
        assertThat(begun(programs.request(300, job, false))).isEmpty();
        new OpenMpiLauncher()
                .resident()
                .orElseThrow()
                .start(new ResidentRequest(programs.request(2, "true"), Duration.ofMinutes(10)));
        assertThat(begun(programs.request(2, job, false))).isEmpty();
    }

    private static LaunchRequest.Job job(OptionalInt ranks, Map<String, String> environment) {
        return new LaunchRequest.Job(List.of("true"), ranks, environment, false);
    }

    private static Optional<EarlyStart> begun(LaunchRequest like) throws Exception {
        return new OpenMpiLauncher().startAhead(like);
    }

    private static EarlyStart ahead(LaunchRequest like) throws Exception {
        return begun(like).orElseThrow();
    }

    private static void awaitReady(EarlyStart ahead) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30))
                .until(ahead::isReady);
    }

    private Optional<ExitStatus> launch(EarlyStart ahead, LaunchRequest request, String input) throws Exception {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return ahead.launch(request, new CommandStreams(in, out, err));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
