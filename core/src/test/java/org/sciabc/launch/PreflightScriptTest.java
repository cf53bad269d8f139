// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Probe;

/** What one machine is asked, and what its answer means. */
class PreflightScriptTest {
    @Test
    void anErrorInOneProbeLeavesTheOthersAlone() {
        String script = PreflightScript.of(List.of(new Probe("a", "echo 'it"), new Probe("b", "echo fine; exit 3")));

        assertThat(PreflightScript.answers(run(script)).orElseThrow())
                .containsEntry("a", "")
                .containsEntry("b", "fine");
    }

    @Test
    void aProbeMayHaveMoreAnswersThanItsOwn() throws Exception {
        Probe now = PreflightProbes.nowAndLinks(Path.of("/"), 0, List.of());
        Probe file = PreflightProbes.ofEveryMachine(List.of("sh"), Path.of("/")).get(2);

        assertThat(PreflightScript.names(now)).containsExactlyInAnyOrder(PreflightProbes.NOW, PreflightProbes.LINKS);
        assertThat(PreflightScript.names(file))
                .containsExactlyInAnyOrder(PreflightProbes.fileProbe(0), CheckRequest.LIBRARIES);
        assertThat(PreflightScript.names(new Probe("a", "echo"))).containsExactly("a");
    }

    @Test
    void surroundingsAreWhatAnyProcessBeginsIn() {
        String common = "with /usr/bin|/home/pi|pi|||\nboot 1-2\nsince 5\nas 00000000\nnone /etc/environment\n";
        String files = "file 1 2 81a4 0 0 5 9.000000001 9.000000001 /home/pi/.bashrc\n";

        assertThat(PreflightScript.surroundings(
                        common + "none ./hello\n" + files + "file 1 3 81ed 0 0 7 8.0 8.0 /bin/ls"))
                .isEqualTo((common + files).strip());
    }

    @Test
    void aScriptThatWasCutOffIsNoAnswer() {
        assertThat(PreflightScript.answers("\n@@sciabc a@@\nyes\n")).isEmpty();
    }

    @Test
    void aClockIsWrongOnlyWhereItCannotBeRight() {
        Instant begin = Instant.ofEpochSecond(1_000);
        Instant end = Instant.ofEpochSecond(1_003);

        assertThat(offset("clock 1001.5", begin, end)).isZero();
        assertThat(offset("clock 1063.0", begin, end)).isEqualTo(Duration.ofSeconds(60));
        assertThat(offset("clock 900.2", begin, end)).isEqualTo(Duration.ofSeconds(-99));
        assertThat(offset("clock 99999999999999.N", begin, end)).isZero();
    }

    @Test
    void a64BitMachineRunsItsPredecessorsPrograms() {
        assertThat(ElfHead.runsOn("arm", "aarch64")).isTrue();
        assertThat(ElfHead.runsOn("i386", "x86_64")).isTrue();
        assertThat(ElfHead.runsOn("x86_64", "aarch64")).isFalse();
        assertThat(ElfHead.runsOn("aarch64", "armv7l")).isFalse();
    }

    @Test
    void aMachineSaysWhatUnameSays() {
        Probe machine =
                PreflightProbes.ofEveryMachine(List.of("true"), Path.of("/")).get(0);
        String uname = run("uname -s; uname -m");

        String answer = PreflightScript.answers(run(PreflightScript.of(List.of(machine))))
                .orElseThrow()
                .getOrDefault(PreflightProbes.MACHINE, "");

        assertThat(answer.lines())
                .contains(
                        "kernel " + uname.lines().toList().get(0),
                        "arch " + uname.lines().toList().get(1));
        assertThat(answer).containsPattern("(?m)^shell 7f454c46[0-9a-f]{72}$");
    }

    private static Duration offset(String text, Instant begin, Instant end) {
        return MachineReport.of(new Answered(Map.of(PreflightProbes.MACHINE, text), Optional.empty(), begin, end), 0)
                .clockOffset();
    }

    private static String run(String script) {
        try {
            Process sh = new ProcessBuilder("sh").start();
            try (OutputStream in = sh.getOutputStream()) {
                in.write(script.getBytes(StandardCharsets.UTF_8));
            }
            return new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }
}
