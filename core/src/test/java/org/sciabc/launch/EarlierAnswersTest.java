// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Probe;

/** Who was asked already is asked only about what was brought since. */
class EarlierAnswersTest {
    private static final Instant BEGIN = Instant.ofEpochSecond(1000);
    private static final Instant END = Instant.ofEpochSecond(1001);

    @Nested
    class OfOneMachine {
        private final Probe version = new Probe("version", "echo 1", "echo");
        private final Probe file = new Probe("file", "find ./a\n" + PreflightScript.mark(CheckRequest.LIBRARIES));
        private final Probe otherFile =
                new Probe("file", "find /job/a\n" + PreflightScript.mark(CheckRequest.LIBRARIES));
        private final Probe now = new Probe(PreflightProbes.NOW, "echo now /\n" + PreflightScript.mark("links"));
        private final Probe otherNow = new Probe(PreflightProbes.NOW, "echo now /job\n");
        private final AtomicLong clock = new AtomicLong();
        private final EarlierAnswers earlier = new EarlierAnswers(Optional.empty(), clock::get);

        @BeforeEach
        void itHasAnswered() {
            earlier.add(
                    "node",
                    List.of(version, file, now),
                    new Answered(
                            Map.of(
                                    "version",
                                    "1",
                                    "file",
                                    "absent",
                                    CheckRequest.LIBRARIES,
                                    "of another program",
                                    PreflightProbes.NOW,
                                    "clock 1",
                                    "links",
                                    "open"),
                            Optional.empty(),
                            BEGIN,
                            END));
        }

        @Test
        void itIsAskedAboutWhatHasBecomeAnotherQuestion() {
            assertThat(earlier.open("node", List.of(version, otherFile, otherNow)))
                    .containsExactly(otherFile);
            assertThat(earlier.open("another", List.of(version, otherFile))).containsExactly(version, otherFile);
        }

        @Test
        void whatItSaidOfTheFormerFileDoesNotHoldForTheNewOne() {
            Answered all = earlier.completed(
                    "node",
                    List.of(version, otherFile, otherNow),
                    new Answered(Map.of("file", "path /job/a"), Optional.empty(), END, END));

            assertThat(all.answers())
                    .containsOnlyKeys("version", "file", PreflightProbes.NOW, "links")
                    .containsEntry("file", "path /job/a")
                    .doesNotContainKey(CheckRequest.LIBRARIES);
            assertThat(List.of(all.begin(), all.end())).containsExactly(BEGIN, END);
        }

        @Test
        void whatIsAlwaysAskedIsAskedAgain() {
            Probe always = new Probe("licence", "echo 3");
            earlier.add("node", List.of(always), new Answered(Map.of("licence", "3"), Optional.empty(), BEGIN, END));

            assertThat(earlier.open("node", List.of(always))).containsExactly(always);
        }

        @Test
        void howItIsIsAskedAgainAfterAWhile() {
            clock.addAndGet(3_000_000_000L);
            Answered fresh = new Answered(
                    Map.of("file", "absent", PreflightProbes.NOW, "clock 9", "links", "closed"),
                    Optional.empty(),
                    END.plusSeconds(8),
                    END.plusSeconds(9));

            assertThat(earlier.open("node", List.of(version, otherFile, otherNow)))
                    .containsExactly(otherFile, otherNow);
            Answered all = earlier.completed("node", List.of(version, otherFile, otherNow), fresh);

            assertThat(all.answers())
                    .containsEntry("version", "1")
                    .containsEntry(PreflightProbes.NOW, "clock 9")
                    .containsEntry("links", "closed");
            assertThat(all.end()).isEqualTo(END.plusSeconds(9));
        }

        @Test
        void whoDoesNotAnswerNowIsNotTakenForOneThatDid() {
            Answered silent = new Answered(Map.of(), Optional.of("no route"), END, END);

            assertThat(earlier.completed("node", List.of(version, otherFile), silent))
                    .isEqualTo(silent);
        }

        @Test
        void whoDidNotAnswerThenIsAskedEverything() {
            earlier.add("silent", List.of(version), new Answered(Map.of(), Optional.of("no route"), BEGIN, END));

            assertThat(earlier.open("silent", List.of(version))).containsExactly(version);
        }
    }

    @Nested
    class OfAJob {
        @TempDir
        private Path folder;

        private FolderNodes nodes;

        @BeforeEach
        void makeNodes() throws Exception {
            nodes = FolderNodes.in(folder);
        }

        @Test
        void theProgramIsLookedAtWhereItWasBroughtAndNothingElse() throws Exception {
            Preflight preflight = nodes.preflight(new VersionLauncher());
            Preflight.Wanted wanted = new Preflight.Wanted(false, List.of());
            Preflight.Result before =
                    preflight.run(nodes.request(List.of("sh")), wanted, EarlierAnswers.NONE, () -> {});
            nodes.put(1, "brought", "#!/bin/sh\n");
            nodes.put(2, "brought", "#!/bin/sh\n");
            nodes.put(3, "bin/uname", "#!/bin/sh\n: >asked\n");
            nodes.put(3, "bin/ip", "#!/bin/sh\n: >asked\n");

            Preflight.Result after =
                    preflight.run(nodes.request(List.of("./brought")), wanted, before.answers(), () -> {});

            assertThat(after.absences())
                    .filteredOn(FolderNodes::stops)
                    .extracting(FolderNodes::names)
                    .containsExactly("node3");
            assertThat(after.findings()).filteredOn(FolderNodes::stops).isEmpty();
            assertThat(after.groups()).isEqualTo(before.groups());
            assertThat(nodes.of(3).resolve("asked")).doesNotExist();
        }

        @Test
        void aNodeThatIsGoneByThenIsNamed() throws Exception {
            Preflight preflight = nodes.preflight(new VersionLauncher());
            Preflight.Wanted wanted = new Preflight.Wanted(false, List.of());
            Preflight.Result before =
                    preflight.run(nodes.request(List.of("sh")), wanted, EarlierAnswers.NONE, () -> {});
            Files.delete(nodes.of(2).resolve("bin"));
            Files.delete(nodes.of(2));

            assertThat(preflight
                            .run(nodes.request(List.of("sh")), wanted, before.answers(), () -> {})
                            .findings())
                    .filteredOn(FolderNodes::stops)
                    .extracting(Finding::what, FolderNodes::names)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("no answer", "node2"));
        }

        @Test
        void nothingOfItIsKeptForAnotherLaunch() throws Exception {
            Preflight preflight = nodes.preflight(new VersionLauncher());
            Preflight.Wanted wanted = new Preflight.Wanted(false, List.of());
            Preflight.Result before =
                    preflight.run(nodes.request(List.of("sh")), wanted, EarlierAnswers.NONE, () -> {});
            String[] kept = folder.resolve("checks").toFile().list();

            preflight.run(nodes.request(List.of("./brought")), wanted, before.answers(), () -> {});

            assertThat(folder.resolve("checks").toFile().list()).isEqualTo(kept);
        }
    }
}
