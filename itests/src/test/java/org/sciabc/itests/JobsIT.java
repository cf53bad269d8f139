// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParserException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a job between its start and its end, and what comes to the nodes for it and home from them. */
@RequiresContainerEngine
class JobsIT {
    @AutoClose
    private static Lab lab;

    private static Jobs jobs;

    @BeforeAll
    static void letTheManagerIn() {
        lab = Lab.ofReadyNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
        jobs = new Jobs(lab);
    }

    @Test
    void onlyTheNamedNodesRunIt() {
        assertThat(jobs.launch("node[2-3]", "--slots", "1", "--", "hostname")
                        .succeeded()
                        .stdout()
                        .lines())
                .containsExactlyInAnyOrder("node2", "node3");
    }

    @Test
    void eachLineSaysWhichRankAndNodeWroteIt() {
        String inPieces = "printf %s $(hostname); sleep 0.2; echo; echo wrong >&2";

        Result result =
                jobs.launch("--tag", "--slots", "1", "--", "sh", "-c", inPieces).succeeded();

        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder("[0 node1] node1", "[1 node2] node2", "[2 node3] node3");
        assertThat(result.stderr()).contains("[0 node1] wrong", "[1 node2] wrong", "[2 node3] wrong");
    }

    @ParameterizedTest
    @CsvSource({"exit 3, 3", "kill -9 $$, 137"})
    void theJobsOwnEndBecomesTheStatus(String script, int status) {
        assertThat(jobs.launch("-n", "1", "--", "sh", "-c", script).exitStatus())
                .isEqualTo(status);
    }

    @Test
    void aHundredMegabytesArriveAndAFewAreKept() {
        String count = jobs.inFolder("/tmp", "launch --user pi --known -n 1 -- " + Jobs.HUNDRED_MEGABYTES + " | wc -c")
                .succeeded()
                .stdout();

        assertThat(count.strip()).isEqualTo("100000000");
        assertThat(lab.manager()
                        .run(Command.script(
                                        "cd ~/.local/state/sciabc/default/jobs && stat -c '%s %a' $(ls | sort -n | tail -1)/output")
                                .as(ManagerContainer.USER)
                                .with("HOME", "/home/teacher"))
                        .succeeded()
                        .stdout())
                .matches("655\\d{3} 600\n");
    }

    /** What a launcher cannot write yet when its job has ended must not be lost: see decision 42. */
    @Test
    void outputIsWholeHoweverLateItIsRead() {
        String count = jobs.inFolder(
                        "/tmp", "launch --user pi --known -n 3 --slots 1 -- " + Jobs.LINES + " | " + Jobs.COUNTS_LATE)
                .succeeded()
                .stdout();

        assertThat(count.strip()).isEqualTo(Integer.toString(3 * Jobs.LENGTH_OF_LINES));
    }

    /** And by itself: who is killed leaves a folder. */
    @Test
    void aJobIsEndedThoughNobodyReadsItsOutput() {
        String job = "launch --user pi --known --timeout 3s -n 3 --slots 1 -- yes 4804 2>/tmp/said";
        String nobody = "(" + Jobs.UNTIL_MPIRUN_HAS_ENDED + "; head -c 1 >/dev/null)";

        Result result = jobs.inFolder(
                "/tmp", "version && rm -rf /tmp/ompi.* && sciabc " + job + " | " + nobody + "; ls /tmp; cat /tmp/said");

        assertThat(result.stdout())
                .doesNotContain("ompi.")
                .contains("error: the job was ended: it took longer than 3s");
        jobs.assertNothingIsLeft("yes 4804");
    }

    @Test
    void aNodeWhoseSshServerStopsRunsItsJobToTheEnd() {
        try (RunningCommand job = lab.manager()
                .start(jobs.command("launch", "--slots", "1", "--", "sh", "-c", "echo begun; sleep 12; echo ended"))) {
            jobs.awaitProbes(job);
            lab.node(3).sh("systemctl stop ssh.socket ssh");

            assertThat(job.await().succeeded().stdout()).endsWith("ended\nended\nended\n");
        } finally {
            lab.node(3).sh("systemctl start ssh");
        }
    }

    @Test
    void rankZeroReadsTheInput() {
        String count = "echo $(wc -c) on $(hostname)";
        Result result = jobs.reading("x".repeat(300_000), "-n", "2", "--slots", "1", "--", "sh", "-c", count)
                .succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("300000 on node1", "0 on node2");
    }

    /** Typed by hand, the daemon of the node mostly dies of that. */
    @Test
    void inputNeedNotBeRead() {
        jobs.reading("x".repeat(3_000_000), "-n", "1", "--", "true").succeeded();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aJobThatTakesTooLongIsEnded(boolean mayHaveInput) {
        String words = "--timeout 2s -- sleep 4801";
        Result result = mayHaveInput ? jobs.withInputThatStaysOpen(words) : jobs.launch(words.split(" ", -1));

        assertThat(result.exitStatus()).isEqualTo(124);
        assertThat(result.stderr()).contains("error: the job was ended: it took longer than 2s");
        jobs.assertNothingIsLeft("sleep 4801");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalBringsHomeWhatThereIsEndsEveryProcessAndTakesAwayWhatWasBrought(String signal, int status) {
        String results = "/tmp/results-" + signal;
        String program = jobs.script("waiting", "echo part >out; echo begun; sleep 4802");
        try (RunningCommand job = lab.manager()
                .start(jobs.command("launch", "--slots", "1", "--fetch", "out", "--results", results, "--", program))) {
            Jobs.awaitAll(job, 3);
            assertThat(lab.node(2).sh("ls /tmp")).contains("sciabc-job-");
            job.signal(signal);

            Result result = job.await();

            assertThat(result.exitStatus()).isEqualTo(status);
            assertThat(result.stderr()).contains("fetched 3 files of node[1-3] into " + results);
        }
        assertThat(lab.manager().sh("cat " + results + "/node[1-3]/out")).isEqualTo("part\npart\npart\n");
        jobs.assertNothingIsLeft("sleep 4802");
    }

    @Test
    void aJobWhoseSciabcIsKilledEndsAndTheNextLaunchTakesAwayWhatItLeft() throws JsonParserException {
        String program = jobs.script("abandoned", "echo begun; sleep 4808");
        try (RunningCommand job =
                lab.manager().start(jobs.command("launch", "--slots", "1", "--stage", "--", program))) {
            Jobs.awaitAll(job, 3);
            job.signal("KILL");
            job.await();
        }

        lab.nodes().forEach(node -> Jobs.awaitNoProcess(node, "sleep 4808"));
        assertThat(jobs.latestJob().getString("state")).isEqualTo("crashed");
        assertThat(lab.node(3).sh("ls /tmp")).contains("sciabc-job-");
        assertThat(jobs.launch("-n", "1", "--", "true").succeeded().stderr())
                .containsPattern("removed /tmp/sciabc-job-[0-9a-f]{16}, which an earlier job left on node\\[1-3]");
        jobs.assertNothingIsLeft("sleep 4808");
    }

    @Test
    void aSecondCtrlCIsNotWaitedFor() {
        try (RunningCommand job = lab.manager()
                .start(jobs.command(
                                "launch",
                                "--stage",
                                "--",
                                jobs.script("stubborn", "trap '' TERM INT; echo begun; sleep 4803"))
                        .onTerminal())) {
            job.awaitOutput("begun");
            job.interrupt();
            // Two that come at once are one.
            lab.manager().sh("sleep 0.3");
            job.interrupt();

            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        lab.nodes().forEach(node -> Jobs.awaitNoProcess(node, "sleep 4803"));
        jobs.launch("-n", "1", "--", "true").succeeded();
        jobs.assertNothingIsLeft("sleep 4803");
    }

    @Test
    void jobsAreListedWhileTheyRunAndAfterwards() throws JsonParserException {
        try (RunningCommand job = lab.manager()
                .start(jobs.command("launch", "-n", "2", "--slots", "1", "--", "sh", "-c", "echo begun; sleep 4804"))) {
            job.awaitOutput("begun");
            JsonObject running = jobs.latestJob();
            assertThat(running.getString("state")).isEqualTo("running");
            assertThat(running.getInt("ranks")).isEqualTo(2);
            assertThat(running.getArray("command")).containsExactly("sh", "-c", "echo begun; sleep 4804");
            job.signal("KILL");
            job.await();
        }
        assertThat(jobs.latestJob().getString("state")).isEqualTo("crashed");
        lab.nodes().forEach(node -> Jobs.awaitNoProcess(node, "sleep 4804"));

        jobs.launch("-n", "1", "--", "sh", "-c", "echo kept; exit 5");

        JsonObject ended = jobs.latestJob();
        assertThat(ended.getString("state")).isEqualTo("failed");
        assertThat(ended.getInt("status")).isEqualTo(5);
        assertThat(lab.manager()
                        .sciabc("jobs", "show", Integer.toString(ended.getInt("id")))
                        .succeeded()
                        .stdout())
                .contains("status   5", "nodes    node[1-3]", "\nkept\n");
    }

    @Test
    void aProgramThatOnlyTheManagerHasIsBroughtToTheNodes() {
        lab.manager()
                .sh("mkdir -p '/tmp/a b/data' && cd '/tmp/a b' && printf 'x' >data/in && chmod -R a+rX /tmp/a*b"
                        + " && printf '#!/bin/sh\\necho \"$(cat data/in) $(hostname) $1\"\\n' >'prögram 1'"
                        + " && chmod 755 'prögram 1'");

        Result result = jobs.inFolder(
                        "/tmp/a b", "launch --user pi --known --slots 1 --with data/in -- './prögram 1' 'ä ö'")
                .succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("x node1 ä ö", "x node2 ä ö", "x node3 ä ö");
        jobs.assertNothingIsLeft("gram 1");
    }

    @Test
    void resultsComeHomeByNodeAndRank() {
        Result result = jobs.launch(
                        "-n",
                        "4",
                        "--slots",
                        "2",
                        "--fetch",
                        "out.{rank}",
                        "--results",
                        "/tmp/ranks",
                        "--",
                        "sh",
                        "-c",
                        "[ $OMPI_COMM_WORLD_RANK = 1 ] || hostname >out.$OMPI_COMM_WORLD_RANK")
                .succeeded();

        assertThat(result.stderr())
                .contains("warning: no out.{rank} of rank1 was found", "fetched 3 files of node[1-2]");
        assertThat(lab.manager().sh("cd /tmp/ranks && grep -r . . | sort"))
                .isEqualTo("./node1/0/out.0:node1\n./node2/2/out.2:node2\n./node2/3/out.3:node2\n");
    }

    @Test
    void nothingIsBroughtWhereThatIsNotWantedOrNotAllNodesAnswer() {
        String program = jobs.script("unwanted", "hostname");
        String dead = lab.node(1).address().replaceFirst("\\d+$", "250");
        lab.manager().sh("echo '" + lab.node(1).address() + "\n" + dead + "' >/tmp/with-dead");

        Result notWanted = jobs.launch("--no-stage", "--", program);
        Result dying = lab.manager()
                .sciabc("launch", "-v", "--user", "pi", "--hostfile", "/tmp/with-dead", "--stage", "--", program);

        assertThat(notWanted.exitStatus()).isEqualTo(75);
        assertThat(notWanted.stderr()).contains("'" + program + "' is missing on node[1-3]");
        assertThat(dying.exitStatus()).isEqualTo(75);
        assertThat(dying.stderr())
                .contains("error: " + dead + ": not reachable", "nothing was started")
                .doesNotContain("files copied");
        jobs.assertNothingIsLeft("unwanted");
    }

    @Test
    void aFolderForTemporaryFilesThatLetsNothingRunIsNamed() {
        String program = jobs.script("forbidden", "hostname");
        lab.node(2).sh("mount -o remount,noexec /tmp");
        try {
            Result result = jobs.launch("--stage", "--", program);

            assertThat(result.exitStatus()).isEqualTo(75);
            assertThat(result.stderr())
                    .contains("node2", "programs in that folder cannot be run (is it mounted noexec?)");
        } finally {
            lab.node(2).sh("mount -o remount,exec /tmp");
        }
        jobs.assertNothingIsLeft("forbidden");
    }

    @Test
    void aPulledCableIsNamedAndTheJobRunsAgainOnThoseThatAreLeft(TestReporter reporter) {
        try (RunningCommand job = lab.manager()
                .start(jobs.command(
                        "launch",
                        "--slots",
                        "1",
                        "--retry",
                        "1",
                        "--",
                        "sh",
                        "-c",
                        "echo begun; [ $OMPI_COMM_WORLD_SIZE = 2 ] || sleep 4805"))) {
            jobs.awaitProbes(job);
            long pulled = System.nanoTime();
            lab.node(3).unplug();
            job.awaitOutput("warning: node3 stopped answering");
            // Measured, not judged: a machine that is busy with other things takes longer.
            String named = String.format("%.1f s", (System.nanoTime() - pulled) / 1e9);
            reporter.publishEntry("a pulled cable is named after", named);

            Result result = job.await().succeeded();

            assertThat(result.stderr())
                    .matches(Jobs.died("node3"))
                    .contains("running it again on node[1-2], 2 slots")
                    .doesNotContain("---------------");
        } finally {
            lab.node(3).plug();
        }
        Jobs.awaitNoProcess(lab.node(3), "sleep 4805");
        jobs.assertNothingIsLeft("sleep 4805");
    }

    @Test
    void aNodeThatHangsIsNamedAndTheResultsOfTheOthersComeHome() {
        try (RunningCommand job = lab.manager()
                .start(jobs.command(
                        "launch",
                        "--fetch",
                        "out",
                        "--results",
                        "/tmp/results-living",
                        "--",
                        "sh",
                        "-c",
                        "echo part >out; echo begun; sleep 4806"))) {
            jobs.awaitProbes(job);
            lab.node(2).freeze();
            try {
                Result result = job.await();

                assertThat(result.exitStatus()).as(result.toString()).isEqualTo(69);
                assertThat(result.stderr())
                        .matches(Jobs.died("node2"))
                        .contains("hint: --retry 1")
                        .contains("error: cannot fetch the results of node2: nothing answers there")
                        .contains("fetched 2 files of node[1,3] into /tmp/results-living");
            } finally {
                lab.node(2).thaw();
            }
        }
        lab.nodes().forEach(node -> Jobs.awaitNoProcess(node, "sleep 4806"));
        assertThat(jobs.launch("-n", "1", "--", "true").succeeded().stderr()).contains("an earlier job left on node2");
        jobs.assertNothingIsLeft("sleep 4806");
    }

    @Test
    void aNodeWithoutPowerIsNamedAndFewerProcessesRunWhereThatWasWanted() {
        try (RunningCommand job = lab.manager()
                .start(jobs.command(
                        "launch",
                        "-n",
                        "6",
                        "--slots",
                        "2",
                        "--retry",
                        "1",
                        "--scale",
                        "--",
                        "sh",
                        "-c",
                        "echo begun of $OMPI_COMM_WORLD_SIZE; [ $OMPI_COMM_WORLD_SIZE = 4 ] || sleep 4807"))) {
            jobs.awaitProbes(job);
            lab.node(1).cutPower();

            Result result = job.await().succeeded();

            assertThat(result.stderr()).matches(Jobs.died("node1"));
            assertThat(result.stdout()).contains("begun of 4");
        } finally {
            lab.node(1).restorePower();
        }
        jobs.assertNothingIsLeft("sleep 4807");
    }
}
