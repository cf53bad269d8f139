// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Probe;

/** A machine is a real shell that begins in a folder of its own, where every file is old enough unless it is said otherwise. */
class RememberedAnswersTest {
    private static final String MACHINE = "192.0.2.1 22";
    private static final String LATER = "32503680000.5";

    @TempDir
    private Path folder;

    private Path state;
    private Path machine;
    private Path program;
    private List<Probe> probes;

    @BeforeEach
    void makeAMachine() throws IOException {
        state = Files.createDirectory(folder.resolve("state"));
        machine = folder.resolve("machine");
        Files.createDirectories(machine.resolve("bin"));
        program = Files.writeString(machine.resolve("program"), "one");
        probes = List.of(
                new Probe("content", "cat program", "on program"),
                new Probe("tool", "command -v tool", "on_path tool"),
                new Probe("always", "echo asked"));
    }

    @Test
    void whatHasNotChangedIsNotAskedAgain() throws Exception {
        Map<String, String> first = ask(LATER);
        Map<String, String> second = ask(LATER);

        assertThat(first).containsEntry("content", "one").doesNotContainKey(PreflightScript.SAME);
        assertThat(second).containsEntry("always", "asked").containsKey(PreflightScript.SAME);
        assertThat(second).doesNotContainKeys("content", PreflightScript.SIGHT);
        assertThat(memory().of(MACHINE).orElseThrow().answers())
                .containsEntry("content", "one")
                .doesNotContainKeys("always", PreflightScript.SIGHT);
    }

    @Test
    void aFileThatIsReplacedInPlaceIsSeenThoughSizeAndTimeAreTheSame() throws Exception {
        FileTime time = Files.getLastModifiedTime(program);
        ask(LATER);
        Files.writeString(program, "two");
        Files.setLastModifiedTime(program, time);

        assertThat(ask(LATER)).containsEntry("content", "two");
        assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
    }

    @Test
    void aFileThatIsGoneIsSeen() throws Exception {
        ask(LATER);
        Files.delete(program);

        assertThat(ask(LATER)).containsEntry("content", "");
    }

    @Test
    void aProgramThatAppearsOnThePathIsSeen() throws Exception {
        ask(LATER);
        Path tool = Files.writeString(machine.resolve("bin/tool"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(ask(LATER)).containsEntry("tool", tool.toString());
    }

    @Test
    void theLibrariesThatWereFoundAreWatchedAndAFolderThatIsNotTheSystemsToo() throws Exception {
        Path library =
                Files.writeString(Files.createDirectory(machine.resolve("lib")).resolve("libx.so"), "");
        Probe libraries = new Probe(
                "file",
                PreflightScript.mark(CheckRequest.LIBRARIES) + "ls lib | while read -r l; do echo \"$l => $PWD/lib/$l"
                        + " (0x00007f0000000000)\"; done",
                "on program");
        probes = List.of(libraries);
        ask(LATER);
        assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
        Files.writeString(library, "more");
        assertThat(ask(LATER)).doesNotContainKey(PreflightScript.SAME);
        assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
        Files.writeString(machine.resolve("lib/liby.so"), "");

        assertThat(ask(LATER).get(CheckRequest.LIBRARIES)).contains("liby.so");
    }

    @Test
    void aFileThatChangedAMomentAgoIsNotReliedOn() throws Exception {
        ask(Instant.now().getEpochSecond() + ".5");

        assertThat(ask(LATER)).containsEntry("content", "one");
        assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
    }

    @Test
    void withoutAClockNothingIsRemembered() throws Exception {
        ask("");

        assertThat(memory().of(MACHINE)).isEmpty();
    }

    @Test
    void aFileWhoseNameHasALineFeedIsNotReliedOn() throws Exception {
        Files.writeString(machine.resolve("a\nb"), "");
        probes = List.of(new Probe("content", "cat program", "on program \"$(printf 'a\\nb')\""));
        ask(LATER);

        assertThat(memory().of(MACHINE)).isEmpty();
    }

    @Test
    void evidenceThatFailsIsNotReliedOn() throws Exception {
        probes = List.of(new Probe("content", "cat program", "on program; exit 0"));
        ask(LATER);
        assertThat(memory().of(MACHINE)).isEmpty();
        probes = List.of(new Probe("content", "cat program", "on 'program"));

        assertThat(ask(LATER)).containsEntry("content", "one");
        assertThat(memory().of(MACHINE)).isEmpty();
    }

    @Test
    void aMachineWhoseStatKnowsNoFractionsOfSecondsIsAskedEachTime() throws Exception {
        for (String stat : List.of("echo 'file 1 2 81a4 0 0 3 1700000000 1700000000 /program'", "exit 1")) {
            Path own = Files.write(machine.resolve("bin/stat"), List.of("#!/bin/sh", stat));
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
            ask(LATER);

            assertThat(memory().of(MACHINE)).as(stat).isEmpty();
        }
    }

    @Test
    void otherQuestionsAreOthers() throws Exception {
        ask(LATER);
        probes = List.of(new Probe("content", "cat program; echo more", "on program"));

        assertThat(ask(LATER)).containsEntry("content", "onemore");
    }

    @Test
    void contentThatMakesNoSenseIsIgnoredAndReplaced() throws Exception {
        ask(LATER);
        Path file = onlyFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String good = Files.readString(file);
        for (String bad :
                List.of("", "nonsense", good.substring(0, good.length() - 2), good.replace("1\u001f", "0\u001f"))) {
            Files.writeString(file, bad);
            assertThat(ask(LATER)).as(bad).containsEntry("content", "one");
            assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
        }
    }

    @Test
    void aMachineThatIsNotSureAnyMoreIsForgotten() throws Exception {
        ask(LATER);
        Files.writeString(program, "two");
        ask(Instant.now().getEpochSecond() + ".5");

        assertThat(memory().of(MACHINE)).isEmpty();
    }

    @Test
    void allCanBeForgotten() throws Exception {
        Preflight.forget(state);
        ask(LATER);
        Preflight.forget(state);

        assertThat(ask(LATER)).containsEntry("content", "one");
    }

    @Test
    void theFolderDoesNotGrowWithoutEnd() throws Exception {
        for (int number = 0; number < 40; number++) {
            probes = List.of(new Probe("content", "echo " + number, "on program"));
            ask(LATER);
        }

        assertThat(ask(LATER)).containsKey(PreflightScript.SAME);
        try (Stream<Path> files = Files.list(state.resolve("checks"))) {
            assertThat(files).hasSizeBetween(2, 24);
        }
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("checks"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private RememberedAnswers memory() {
        return RememberedAnswers.of(state, probes);
    }

    /** Asks as a launch does, whose machine has this time. */
    private Map<String, String> ask(String clock) throws Exception {
        RememberedAnswers memory = memory();
        String script = PreflightScript.remembering(probes, memory.of(MACHINE));
        ProcessBuilder sh = new ProcessBuilder("sh").directory(machine.toFile());
        sh.environment().merge("PATH", machine + "/bin", (path, own) -> own + ":" + path);
        Process process = sh.redirectError(folder.resolve("errors").toFile()).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> answers = PreflightScript.answers(said).orElseThrow();
        memory.keep(MACHINE, answers, probes, clock);
        memory.write();
        return answers;
    }
}
