// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;

/** An mpirun that may not notice that its job has ended; its processes are real ones. */
@Timeout(120)
class MpirunOfPrrteTest {
    private static final Duration SOON = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakePrte prte;

    @BeforeEach
    void install() throws Exception {
        prte = new FakePrte(folder);
        Path prterun = Files.createFile(prte.programs().resolve("prterun"));
        Files.setPosixFilePermissions(prterun, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void end() throws Exception {
        prte.end();
    }

    @Test
    void itIsKnownByTheProgramBesideIt() throws Exception {
        assertThat(MpirunOfPrrte.isWhatRuns(prte.request(1, "true"))).isTrue();
        Files.delete(prte.programs().resolve("prterun"));
        assertThat(MpirunOfPrrte.isWhatRuns(prte.request(1, "true"))).isFalse();
    }

    @Test
    void whatAJobWritesAndEndsWithIsItsOwn() throws Exception {
        int status = run(
                prte.request(
                        2, "sh", "-c", "echo \"$1 $PMIX_RANK [$SCIABC_CALL]\"; echo oops >&2; exit 3", "x", "it's"),
                SOON);

        assertThat(status).isEqualTo(3);
        assertThat(text(out).lines()).containsExactlyInAnyOrder("it's 0 []", "it's 1 []");
        assertThat(text(err)).isEqualTo("oops\noops\n");
    }

    @Test
    void aProcessThatASignalEndsIsSeenToEndByIt() throws Exception {
        assertThat(run(prte.request(1, "sh", "-c", "kill -9 $$"), SOON)).isEqualTo(137);
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 129, 143, 147, 148, 149, 150, 200, 255})
    void anyStatusIsThatOfTheProgram(int status) throws Exception {
        assertThat(run(prte.request(1, "sh", "-c", "exit " + status), SOON)).isEqualTo(status);
        assertThat(text(err)).isEmpty();
    }

    /** PRRTE sends them to all of a process group. */
    @ParameterizedTest
    @ValueSource(strings = {"USR1", "USR2", "ALRM", "TERM", "HUP"})
    void aSignalThatTheProgramHeedsEndsNothing(String signal) throws Exception {
        assumeThat(canBeHeeded(signal)).isTrue();
        String program = "trap 'echo heard' " + signal + "; kill -" + signal + " 0; exit 3";

        assertThat(run(prte.request(1, "sh", "-c", program), SOON)).isEqualTo(3);
        assertThat(text(out)).isEqualTo("heard\n");
    }

    /** No shell can that was started with it ignored, as all are under {@code nohup}. */
    private static boolean canBeHeeded(String signal) throws Exception {
        return new ProcessBuilder("sh", "-c", "trap 'exit 0' " + signal + "; kill -" + signal + " $$; exit 1")
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void theFirstProcessReadsTheWholeInputAndNothingElseDoes() throws Exception {
        LaunchRequest request = prte.request(2, "sh", "-c", "echo $PMIX_RANK $(wc -c) $(cat | wc -c)");
        InputStream input = new ByteArrayInputStream(new byte[3_000_000]);

        assertThat(MpirunOfPrrte.run(request, new CommandStreams(input, out, err), SOON))
                .isEqualTo(ExitStatus.OK);
        assertThat(text(out).lines()).containsExactlyInAnyOrder("0 3000000 0", "1 0 0");
    }

    @Test
    void inputThatIsNotReadIsNoFailure() throws Exception {
        InputStream input = new ByteArrayInputStream(new byte[3_000_000]);

        assertThat(MpirunOfPrrte.run(prte.request(1, "false"), new CommandStreams(input, out, err), SOON)
                        .code())
                .isEqualTo(1);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aProgramInTheWorkingFolderNeedsNoPath() throws Exception {
        Path program = Files.writeString(folder.resolve("a.out"), "#!/bin/sh\necho \"mine $1\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        LaunchRequest.Job job = new LaunchRequest.Job(
                List.of(
                        "sh",
                        "-c",
                        "cd '" + folder + "' && exec sh -c \"$0\" sciabc a.out 'x y'",
                        LastWords.around(List.of()).get(2)),
                OptionalInt.empty(),
                Map.of(),
                false);

        assertThat(run(prte.request(1, job, false), SOON)).isZero();
        assertThat(text(out)).isEqualTo("mine x y\n");
    }

    @Test
    void aProgramThatIsNotThereIsSaidWithItsNode() throws Exception {
        assertThat(run(prte.request(1, "/nowhere/at-all"), SOON)).isEqualTo(127);
        assertThat(text(err)).startsWith("/nowhere/at-all: not found on ").endsWith(", or not executable\n");
    }

    @Test
    void aProgramIsToldItsOwnCommandLine() throws Exception {
        run(prte.request(1, "sh", "-c", "echo \"$OMPI_COMMAND|$OMPI_ARGV\"", "a", "b c"), SOON);

        assertThat(text(out)).isEqualTo("sh|-c echo \"$OMPI_COMMAND|$OMPI_ARGV\" a b c\n");
    }

    @Test
    void whenItDoesNotNoticeTheEndOfItsJobItIsEnded() throws Exception {
        Files.createFile(prte.programs().resolve("endless"));

        int status = run(prte.request(3, "sh", "-c", "echo whole; exit $PMIX_RANK"), SOON);

        assertThat(status).isBetween(1, 2);
        assertThat(text(out)).isEqualTo("whole\nwhole\nwhole\n");
        assertThat(text(err)).startsWith("warning: mpirun did not notice that its job has ended");
    }

    @Test
    void aJobThatIsSilentForLongerThanThatGoesOn() throws Exception {
        assertThat(run(prte.request(2, "sh", "-c", "[ $PMIX_RANK = 0 ] || { sleep 2; echo late; }"), SOON))
                .isZero();

        assertThat(text(out)).isEqualTo("late\n");
        assertThat(text(err)).isEmpty();
    }

    private int run(LaunchRequest request, Duration patience) throws Exception {
        ExitStatus status = MpirunOfPrrte.run(request, CommandStreams.to(out, err), patience);
        return status.code();
    }

    private static String text(ByteArrayOutputStream said) {
        return said.toString(StandardCharsets.UTF_8);
    }
}
