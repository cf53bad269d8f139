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
    void whatCouldNotBeStartedLongAgoDoesNotFailAJob() throws Exception {
        LaunchRequest request = programs.request(2, "true");
        Files.delete(programs.programs().resolve("mpirun"));
        EarlyStart ahead = ahead(request);
        await().until(() -> launch(ahead, request, "").isEmpty());
        ahead.close();
    }

    /** As if they had been started now. */
    @Test
    void processesBeginInTheFolderThatIsThereNow() throws Exception {
        LaunchRequest request = programs.request(1, "sh", "-c", "echo $PWD; pwd -P");
        try (EarlyStart ahead = ahead(request)) {
            assertThat(launch(ahead, request, "")).contains(ExitStatus.OK);
        }
        Path here = Path.of("").toAbsolutePath();
        assertThat(out()).isEqualTo(here + "\n" + here.toRealPath() + "\n");
    }

    @Test
    void itIsNotBegunWhereItWouldNotBeUsed() throws Exception {
        LaunchRequest.Job job = job(OptionalInt.empty(), Map.of());

        assertThat(begun(programs.request(2, job, true))).isEmpty();
        assertThat(begun(programs.request(2, job.withTags(), false))).isEmpty();
        assertThat(begun(programs.request(300, job, false))).isEmpty();
    }

    /** The daemons are there already, and so is what it takes to find them. */
    @Test
    void wherePrteRunsItsProcessesAreThere() throws Exception {
        startPrte(2);
        LaunchRequest request = programs.request(2, "sh", "-c", "cat; echo here");
        try (EarlyStart ahead = ahead(request)) {
            awaitReady(ahead);
            assertThat(programs.programs().resolve("told")).exists();

            assertThat(launch(ahead, request, "input ")).contains(ExitStatus.OK);
        }
        assertThat(out()).contains("input here\n").hasSize("input here here ".length());
        assertThat(programs.folder().claim()).isTrue();
    }

    @Test
    void inPrteAnyOtherJobGoesFirst() throws Exception {
        startPrte(2);
        LaunchRequest request = programs.request(2, "echo", "here");
        try (EarlyStart ahead = ahead(request)) {
            awaitReady(ahead);

            assertThat(programs.launch(request, "").out()).isEqualTo("here\nhere\n");

            assertThat(ahead.isReady()).isFalse();
            assertThat(launch(ahead, request, "")).isEmpty();
            assertThat(programs.folder().process()).isPresent();
        }
        assertThat(programs.folder().claim()).isTrue();
    }

    @Test
    void inPrteWhatIsNotExpectedMakesRoomBeforeItIsLaunchedAnew() throws Exception {
        startPrte(2);
        try (EarlyStart ahead = ahead(programs.request(2, "true"))) {
            LaunchRequest other = programs.request(2, job(OptionalInt.of(1), Map.of()), false);

            assertThat(launch(ahead, other, "")).isEmpty();

            assertThat(programs.folder().claim()).isTrue();
            programs.folder().release();
            assertThat(programs.launch(other, "").status()).isZero();
        }
    }

    @Test
    void inPrteNothingWaitsWhileAJobRuns() throws Exception {
        startPrte(2);
        assertThat(programs.folder().claim()).isTrue();

        assertThat(begun(programs.request(2, "true"))).isEmpty();
    }

    private void startPrte(int nodes) throws Exception {
        new OpenMpiLauncher()
                .resident()
                .orElseThrow()
                .start(new ResidentRequest(programs.request(nodes, "true"), Duration.ofMinutes(10)));
        Files.deleteIfExists(programs.programs().resolve("told"));
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
