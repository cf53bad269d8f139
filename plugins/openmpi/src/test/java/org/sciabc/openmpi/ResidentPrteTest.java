// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.openmpi.FakePrte.Ended;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Resident;
import org.sciabc.spi.ResidentRequest;
import org.sciabc.spi.SciabcException;

class ResidentPrteTest {
    private static final Duration IDLE = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private FakePrte prte;

    @BeforeEach
    void install() throws Exception {
        prte = new FakePrte(folder);
    }

    @AfterEach
    void end() throws Exception {
        prte.end();
    }

    @Test
    void startingItTwiceIsStartingItOnce() throws Exception {
        Resident resident = start(2);
        long first = prte.process().pid();

        assertThat(resident.nodes()).containsExactly("node1", "node2");
        assertThat(start(2).what()).isEqualTo(resident.what());
        assertThat(prte.process().pid()).isEqualTo(first);
    }

    @Test
    void otherNodesMeanAnotherOne() throws Exception {
        start(2);
        ProcessHandle first = prte.process();

        assertThat(start(3).nodes()).containsExactly("node1", "node2", "node3");
        assertThat(PrteFolder.runs(first)).isFalse();
    }

    @Test
    void whatAJobWritesReadsAndEndsWithIsItsOwn() throws Exception {
        start(3);

        Ended ended = prte.launch(
                prte.request(3, "sh", "-c", "cat; printf \"$1 $PMIX_RANK\"; echo oops >&2; exit 3", "x", "it's"),
                "input\n");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.out())
                .hasSize("input\n".length() + 3 * "it's 0".length())
                .contains("input\n", "it's 0", "it's 1", "it's 2");
        assertThat(ended.err()).isEqualTo("oops\noops\noops\n");
    }

    @Test
    void aProgramDoesNotHearOfTheWayItsOutputTakes() throws Exception {
        start(1);

        assertThat(prte.launch(prte.request(1, "sh", "-c", "env; ls -1 /proc/self/fd"), "")
                        .out())
                .doesNotContain("SCIABC_CALL")
                .endsWith("0\n1\n2\n3\n");
    }

    /** Most programs keep back what they write elsewhere. With mpirun by hand it is one, too. */
    @Test
    void standardOutputIsATerminalAndNothingElseIs() throws Exception {
        start(2);

        assertThat(prte.launch(
                        prte.request(2, "sh", "-c", "for i in 0 1 2; do test -t $i; printf $?; done; tty -s"), ""))
                .isEqualTo(new Ended(1, "101101", ""));
    }

    @Test
    void theTerminalChangesNothingOfWhatPasses() throws Exception {
        start(1);

        assertThat(prte.launch(prte.request(1, "printf", "a\\r\\n\\tb\\001\\003\\004\\n\\033[0m c"), "")
                        .out())
                .isEqualTo("a\r\n\tb\u0001\u0003\u0004\n\u001b[0m c");
    }

    @Test
    void withoutPerlOutputPassesThroughPipes() throws Exception {
        Path few = Files.createDirectory(prte.programs().resolve("few"));
        for (String program : List.of("bash", "sh", "cat", "env", "setsid", "sleep")) {
            Files.createSymbolicLink(few.resolve(program), Path.of("/bin").resolve(program));
        }
        start(1);
        LaunchRequest.Job job = new LaunchRequest.Job(
                List.of(
                        "sh",
                        "-c",
                        "test -t 1; printf \"$? $A $PWD $1.\"; cat; echo oops >&2; exit 3",
                        "x",
                        " it's\n*"),
                OptionalInt.empty(),
                Map.of("A", "b=\"c\" "),
                false,
                false,
                false,
                Optional.of("/usr"));

        Ended ended = prte.launch(prte.request(1, job, false), "input\n");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.out()).isEqualTo("1 b=\"c\"  /usr  it's\n*.input\n");
        assertThat(ended.err()).isEqualTo("oops\n");
        assertThat(prte.launch(prte.request(1, "/nowhere/at-all"), "").status()).isEqualTo(127);
    }

    @Test
    void variablesTheFolderAndArgumentsArriveAsTheyAre() throws Exception {
        start(1);
        LaunchRequest.Job job = new LaunchRequest.Job(
                List.of("sh", "-c", "printf \"$A $PWD $1.\"; pwd", "x", " it's\n* ä"),
                OptionalInt.empty(),
                Map.of("A", "b=\"c\"\n", "PERL5OPT", "-Mnonsense"),
                false,
                false,
                false,
                Optional.of("/usr"));

        assertThat(prte.launch(prte.request(1, job, false), "").out()).isEqualTo("b=\"c\"\n /usr  it's\n* ä./usr\n");
    }

    @Test
    void aFolderThatIsNotThereIsSaid() throws Exception {
        start(1);
        LaunchRequest.Job job = new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), false)
                .in("/nowhere", List.of("true"));

        assertThat(prte.launch(prte.request(1, job, false), ""))
                .isEqualTo(new Ended(126, "", "/nowhere: No such file or directory\n"));
    }

    @Test
    void aLongCommandLineArrives() throws Exception {
        start(2);
        String[] words = new String[20];
        Arrays.fill(words, "y".repeat(90_000));
        words[0] = "true";

        assertThat(prte.launch(prte.request(2, words), "").status()).isZero();
    }

    @Test
    void processesThatAreNotNeededEndByThemselves() throws Exception {
        start(2);

        WaitingJob.inPrte(
                        prte.folder(),
                        prte.request(2, "touch", prte.programs().resolve("ran").toString()))
                .close();

        assertThat(prte.programs().resolve("ran")).doesNotExist();
        assertThat(prte.folder().process()).isPresent();
        assertThat(prte.launch(prte.request(2, "echo", "here"), "").out()).isEqualTo("here\nhere\n");
    }

    /** PRRTE sends them to all of a process group. */
    @ParameterizedTest
    @ValueSource(strings = {"USR1", "ALRM", "TERM"})
    void aSignalThatTheProgramHeedsEndsNothing(String signal) throws Exception {
        start(1);
        String program = "trap 'echo heard' " + signal + "; kill -" + signal + " 0; cat; exit 3";

        assertThat(prte.launch(prte.request(1, "sh", "-c", program), "input\n"))
                .isEqualTo(new Ended(3, "heard\ninput\n", ""));
    }

    @Test
    void anUnknownLocaleIsNotTalkedAbout() throws Exception {
        start(1);
        LaunchRequest.Job job = jobWith(Map.of("LC_ALL", "xx_XX.UTF-8"), "test -t 1 && echo \"$LC_ALL$PERL_BADLANG\"");

        Ended ended = prte.launch(prte.request(1, job, false), "");

        assertThat(ended.out()).isEqualTo("xx_XX.UTF-8\n");
        assertThat(ended.err()).doesNotContain("perl");
    }

    /** Checks take their time; whoever ends processes in the meantime does not end the job. */
    @Test
    void aJobWhoseProcessesAreGoneBeforeItMayRunStartsWithoutThem() throws Exception {
        start(2);
        Files.createFile(prte.programs().resolve("lossy"));
        LaunchRequest request = prte.request(2, "echo", "here");
        try (EarlyStart early = new OpenMpiLauncher().startEarly(request).orElseThrow()) {
            Files.createFile(prte.programs().resolve("begun"));
            prte.awaitTheirEnd();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            assertThat(early.launch(request, CommandStreams.to(out, err))).contains(ExitStatus.OK);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("cold\n");
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("warning: prte does not run jobs: ");
        }
        assertThat(prte.folder().claim()).isTrue();
    }

    @Test
    void aJobThatChangesDuringItsChecksIsLaunchedAnew() throws Exception {
        start(2);
        LaunchRequest request = prte.request(2, "echo", "here");
        try (EarlyStart early = new OpenMpiLauncher().startEarly(request).orElseThrow()) {
            assertThat(early.launch(
                            prte.request(1, "echo", "here"),
                            CommandStreams.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream())))
                    .isEmpty();
        }
        assertThat(prte.launch(request, "").out()).isEqualTo("here\nhere\n");
    }

    @Test
    void whatTheChecksChangeOfAProgramIsWhatRuns() throws Exception {
        start(2);
        LaunchRequest draft = prte.request(2, "nothing");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EarlyStart early = new OpenMpiLauncher().startEarly(draft).orElseThrow()) {
            LaunchRequest staged = draft.withJob(draft.job().in("/usr", List.of("pwd")));

            assertThat(early.launch(staged, CommandStreams.to(out, OutputStream.nullOutputStream())))
                    .contains(ExitStatus.OK);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("/usr\n/usr\n");
        assertThat(prte.folder().claim()).isTrue();
    }

    private static LaunchRequest.Job jobWith(Map<String, String> environment, String script) {
        return new LaunchRequest.Job(List.of("sh", "-c", script), OptionalInt.empty(), environment, false);
    }

    @Test
    void aProgramThatIsNotThereIsSaid() throws Exception {
        start(1);

        Ended ended = prte.launch(prte.request(1, "/nowhere/at-all"), "");

        assertThat(ended.status()).isEqualTo(127);
        assertThat(ended.err()).contains("/nowhere/at-all: No such file or directory");
    }

    @Test
    void aProcessThatASignalEndsHasTheStatusThatAShellGivesIt() throws Exception {
        start(1);

        assertThat(prte.launch(prte.request(1, "sh", "-c", "kill -9 $$"), ""))
                .isEqualTo(new Ended(137, "", "error: rank 0 was ended by signal 9 (killed)\n"));
    }

    @Test
    void linesOfProcessesAreNotMixed() throws Exception {
        start(4);

        String out = prte.launch(prte.request(4, "sh", "-c", "seq 1 3000 | sed \"s/^/$PMIX_RANK of four: /\""), "")
                .out();

        assertThat(out.lines()).hasSize(12_000).allMatch(line -> line.matches("[0-3] of four: \\d+"));
    }

    @Test
    void aJobForOtherNodesHasItStartedAnew() throws Exception {
        start(2);
        ProcessHandle first = prte.process();

        assertThat(prte.launch(prte.request(3, "echo", "here"), "").out()).isEqualTo("here\nhere\nhere\n");
        assertThat(PrteFolder.runs(first)).isFalse();
        assertThat(prte.folder().nodes().orElseThrow().names()).containsExactly("node1", "node2", "node3");
    }

    @Test
    void oneThatDiedIsStartedAgain() throws Exception {
        start(2);
        prte.process().destroyForcibly();
        prte.folder()
                .process()
                .ifPresent(process ->
                        process.onExit().orTimeout(30, TimeUnit.SECONDS).join());

        assertThat(prte.launch(prte.request(2, "echo", "here"), "").out()).isEqualTo("here\nhere\n");
        assertThat(prte.folder().process()).isPresent();
    }

    @Test
    void whileAJobUsesItAnotherOneStartsWithout() throws Exception {
        start(1);
        assertThat(prte.folder().claim()).isTrue();

        assertThat(prte.launch(prte.request(1, "echo", "here"), "").out()).isEqualTo("cold\n");
        prte.folder().release();
        assertThat(prte.launch(prte.request(1, "echo", "here"), "").out()).isEqualTo("here\n");
    }

    @Test
    void aJobThatItCannotHaveStartsWithout() throws Exception {
        start(1);
        LaunchRequest.Job job = new LaunchRequest.Job(List.of("true"), OptionalInt.empty(), Map.of(), false);

        assertThat(prte.launch(prte.request(1, job, true), "").out()).isEqualTo("cold\n");
        assertThat(prte.launch(prte.request(1, job.withRanks(OptionalInt.of(2)), false), "")
                        .out())
                .isEqualTo("cold\n");
    }

    @Test
    void oneThatRunsNothingIsSaidAndEndedAndTheJobRunsWithout() throws Exception {
        start(1);
        Files.createFile(prte.programs().resolve("deaf"));

        Ended ended = prte.launch(prte.request(1, "echo", "here"), "");

        assertThat(ended.out()).isEqualTo("cold\n");
        assertThat(ended.err())
                .isEqualTo("warning: prte does not run jobs: nobody is there; this job starts without it\n");
        assertThat(prte.folder().process()).isEmpty();
    }

    @Test
    void oneThatRunsNothingIsNotStarted() throws Exception {
        Files.createFile(prte.programs().resolve("deaf"));

        assertThatThrownBy(() -> start(1))
                .isInstanceOf(SciabcException.class)
                .hasMessage("prte does not run jobs: nobody is there");
        assertThat(prte.folder().process()).isEmpty();
        assertThat(prte.folder().wanted()).isEmpty();
    }

    @Test
    void outputThatIsNotWholeIsAFailure() throws Exception {
        start(2);
        Files.createFile(prte.programs().resolve("lossy"));
        String begun = prte.programs().resolve("begun").toString();

        Ended ended = prte.launch(prte.request(2, "sh", "-c", "echo half; touch '" + begun + "'; exec sleep 600"), "");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("error: the output of the job is not whole: that of rank ", "hint: ");
    }

    @Test
    void withoutAJobItEndsByItself() throws Exception {
        ResidentRequest request = new ResidentRequest(prte.request(1, "true"), Duration.ofSeconds(1));
        new ResidentPrte().start(request);

        assertThat(prte.process().onExit()).succeedsWithin(Duration.ofSeconds(60));
        assertThat(prte.folder().wanted()).isEmpty();
    }

    @Test
    void whereItIsNotInstalledThereIsNone() throws Exception {
        Files.delete(prte.programs().resolve("prte"));

        assertThat(new ResidentPrte().start(new ResidentRequest(prte.request(1, "true"), IDLE)))
                .isEmpty();
    }

    private Resident start(int nodes) throws Exception {
        return new ResidentPrte()
                .start(new ResidentRequest(prte.request(nodes, "true"), IDLE))
                .orElseThrow();
    }
}
