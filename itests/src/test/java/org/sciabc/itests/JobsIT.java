// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static final String EXAMPLES = ManagerContainer.DISTRIBUTION + "/examples/";

    /** What is said of a node that died, and how much later the job had ended. */
    static final String DIED =
            "(?s).*error: %s stopped answering at \\d\\d:\\d\\d:\\d\\d;" + " the job ended \\d+\\.\\d s later\n.*";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letTheManagerIn() {
        lab = Lab.ofReadyNodes(3);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        lab.provision();
    }

    @Test
    void eachLineSaysWhichRankAndNodeWroteIt() {
        Result result = launch("--tag", "--slots", "1", "--", "sh", "-c", "hostname; echo wrong >&2")
                .succeeded();

        assertThat(result.stdout().lines())
                .containsExactlyInAnyOrder("[0 node1] node1", "[1 node2] node2", "[2 node3] node3");
        assertThat(result.stderr()).contains("[0 node1] wrong", "[1 node2] wrong", "[2 node3] wrong");
    }

    @ParameterizedTest
    @CsvSource({"exit 3, 3", "kill -9 $$, 137"})
    void theJobsOwnEndBecomesTheStatus(String script, int status) {
        assertThat(launch("-n", "1", "--", "sh", "-c", script).exitStatus()).isEqualTo(status);
    }

    @Test
    void aHundredMegabytesArriveAndAFewAreKept() {
        String count = lab.manager()
                .run(Command.script(sciabc("launch --user pi --known -n 1 -- head -c 100000000 /dev/zero | wc -c"))
                        .as(ManagerContainer.USER))
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

    @Test
    void rankZeroReadsTheInput() {
        Result result = lab.manager()
                .run(command("launch", "-n", "2", "--slots", "1", "--", "sh", "-c", "echo $(wc -c) on $(hostname)")
                        .reading("x".repeat(300_000)))
                .succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("300000 on node1", "0 on node2");
    }

    @Test
    void aJobThatTakesTooLongIsEnded() {
        Result result = launch("--timeout", "2s", "--", "sleep", "4801");

        assertThat(result.exitStatus()).isEqualTo(124);
        assertThat(result.stderr()).contains("error: the job was ended: it took longer than 2s");
        assertNothingIsLeft("sleep 4801");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalBringsHomeWhatThereIsEndsEveryProcessAndTakesAwayWhatWasBrought(String signal, int status) {
        String results = "/tmp/results-" + signal;
        String program = script("waiting", "echo part >out; echo begun; sleep 4802");
        try (RunningCommand job = lab.manager()
                .start(command("launch", "--slots", "1", "--fetch", "out", "--results", results, "--", program))) {
            awaitAll(job, 3);
            assertThat(lab.node(2).sh("ls /tmp")).contains("sciabc-job-");
            job.signal(signal);

            Result result = job.await();

            assertThat(result.exitStatus()).isEqualTo(status);
            assertThat(result.stderr()).contains("fetched 3 files of node[1-3] into " + results);
        }
        assertThat(lab.manager().sh("cat " + results + "/node[1-3]/out")).isEqualTo("part\npart\npart\n");
        assertNothingIsLeft("sleep 4802");
    }

    @Test
    void aJobWhoseSciabcIsKilledEndsAndTheNextLaunchTakesAwayWhatItLeft() throws JsonParserException {
        String program = script("abandoned", "echo begun; sleep 4808");
        try (RunningCommand job = lab.manager().start(command("launch", "--slots", "1", "--stage", "--", program))) {
            awaitAll(job, 3);
            job.signal("KILL");
            job.await();
        }

        lab.nodes().forEach(node -> awaitNoProcess(node, "sleep 4808"));
        assertThat(latestJob().getString("state")).isEqualTo("crashed");
        assertThat(lab.node(3).sh("ls /tmp")).contains("sciabc-job-");
        assertThat(launch("-n", "1", "--", "true").succeeded().stderr())
                .containsPattern("removed /tmp/sciabc-job-[0-9a-f]{16}, which an earlier job left on node\\[1-3]");
        assertNothingIsLeft("sleep 4808");
    }

    @Test
    void aSecondCtrlCIsNotWaitedFor() {
        try (RunningCommand job = lab.manager()
                .start(command(
                                "launch",
                                "--stage",
                                "--",
                                script("stubborn", "trap '' TERM INT; echo begun; sleep 4803"))
                        .onTerminal())) {
            job.awaitOutput("begun");
            job.interrupt();
            job.interrupt();

            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        lab.nodes().forEach(node -> awaitNoProcess(node, "sleep 4803"));
        launch("-n", "1", "--", "true").succeeded();
        assertNothingIsLeft("sleep 4803");
    }

    @Test
    void jobsAreListedWhileTheyRunAndAfterwards() throws JsonParserException {
        try (RunningCommand job = lab.manager()
                .start(command("launch", "-n", "2", "--slots", "1", "--", "sh", "-c", "echo begun; sleep 4804"))) {
            job.awaitOutput("begun");
            JsonObject running = latestJob();
            assertThat(running.getString("state")).isEqualTo("running");
            assertThat(running.getInt("ranks")).isEqualTo(2);
            assertThat(running.getArray("command")).containsExactly("sh", "-c", "echo begun; sleep 4804");
            job.signal("KILL");
            job.await();
        }
        assertThat(latestJob().getString("state")).isEqualTo("crashed");
        lab.nodes().forEach(node -> awaitNoProcess(node, "sleep 4804"));

        launch("-n", "1", "--", "sh", "-c", "echo kept; exit 5");

        JsonObject ended = latestJob();
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

        Result result = inFolder("/tmp/a b", "launch --user pi --known --slots 1 --with data/in -- './prögram 1' 'ä ö'")
                .succeeded();

        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("x node1 ä ö", "x node2 ä ö", "x node3 ä ö");
        assertNothingIsLeft("gram 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "pi", "ring"})
    void examplesInCAreCompiledForTheNodes(String name) {
        assertThat(launch("--build", "--slots", "1", "--", EXAMPLES + name + ".c")
                        .succeeded()
                        .stdout())
                .containsAnyOf("of 3 on node2", "ranks   = 3", "ranks     = 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "pi", "ring"})
    void examplesInPythonRunUnderTheInterpreterOfTheNodes(String name) {
        List<String> words = new ArrayList<>(List.of("--stage", "--slots", "1", "--", EXAMPLES + name + ".py"));
        if (name.equals("pi")) {
            words.add("200000");
        }

        assertThat(launch(words.toArray(String[]::new)).succeeded().stdout())
                .containsAnyOf("of 3 on node2", "ranks   = 3", "ranks     = 3");
    }

    @Test
    void thePictureOfTheHeatComesHomeAndIsTheSameFromBoth() {
        lab.manager().sh("mkdir -m 777 -p /tmp/heat");
        inFolder(
                        "/tmp/heat",
                        "launch --user pi --known --slots 1 --build --fetch heat.ppm --results c -- " + EXAMPLES
                                + "heat.c 40 100")
                .succeeded();
        inFolder(
                        "/tmp/heat",
                        "launch --user pi --known --slots 1 --fetch '*.ppm' --results py -- " + EXAMPLES
                                + "heat.py 40 100")
                .succeeded();

        assertThat(lab.manager().sh("cd /tmp/heat && find . -type f | sort && head -2 c/node1/heat.ppm"))
                .isEqualTo("./c/node1/heat.ppm\n./py/node1/heat.ppm\nP6\n40 40\n");
        lab.manager().sh("cmp /tmp/heat/c/node1/heat.ppm /tmp/heat/py/node1/heat.ppm");
    }

    @Test
    void resultsComeHomeByNodeAndRank() {
        Result result = launch(
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
        String program = script("unwanted", "hostname");
        String dead = lab.node(1).address().replaceFirst("\\d+$", "250");
        lab.manager().sh("echo '" + lab.node(1).address() + "\n" + dead + "' >/tmp/with-dead");

        Result notWanted = launch("--no-stage", "--", program);
        Result dying = lab.manager()
                .sciabc("launch", "-v", "--user", "pi", "--hostfile", "/tmp/with-dead", "--stage", "--", program);

        assertThat(notWanted.exitStatus()).isEqualTo(75);
        assertThat(notWanted.stderr()).contains("'" + program + "' is missing on node[1-3]");
        assertThat(dying.exitStatus()).isEqualTo(75);
        assertThat(dying.stderr())
                .contains("error: " + dead + ": not reachable", "nothing was started")
                .doesNotContain("files copied");
        assertNothingIsLeft("unwanted");
    }

    @Test
    void aFolderForTemporaryFilesThatLetsNothingRunIsNamed() {
        String program = script("forbidden", "hostname");
        lab.node(2).sh("mount -o remount,noexec /tmp");
        try {
            Result result = launch("--stage", "--", program);

            assertThat(result.exitStatus()).isEqualTo(75);
            assertThat(result.stderr())
                    .contains("node2", "programs in that folder cannot be run (is it mounted noexec?)");
        } finally {
            lab.node(2).sh("mount -o remount,exec /tmp");
        }
        assertNothingIsLeft("forbidden");
    }

    @Test
    void whatDoesNotCompileIsNotStarted() {
        lab.manager().sh("echo 'int main(void) { return nothing; }' >/tmp/wrong.c && chmod a+r /tmp/wrong.c");

        Result result = launch("--build", "--", "/tmp/wrong.c");

        assertThat(result.exitStatus()).isEqualTo(75);
        assertThat(result.stderr())
                .contains("undeclared (first use in this function)", "error: cannot compile tmp/wrong.c: ");
        assertNothingIsLeft("wrong");
    }

    @Test
    void aPulledCableIsNamedAndTheJobRunsAgainOnThoseThatAreLeft(TestReporter reporter) {
        try (RunningCommand job = lab.manager()
                .start(command(
                        "launch",
                        "--slots",
                        "1",
                        "--retry",
                        "1",
                        "--",
                        "sh",
                        "-c",
                        "echo begun; [ $OMPI_COMM_WORLD_SIZE = 2 ] || sleep 4805"))) {
            awaitProbes(job);
            long pulled = System.nanoTime();
            lab.node(3).unplug();
            job.awaitOutput("warning: node3 stopped answering");
            // Measured, not judged: a machine that is busy with other things takes longer.
            String named = String.format("%.1f s", (System.nanoTime() - pulled) / 1e9);
            reporter.publishEntry("a pulled cable is named after", named);

            Result result = job.await().succeeded();

            assertThat(result.stderr())
                    .matches(String.format(DIED, "node3"))
                    .contains("running it again on node[1-2], 2 slots")
                    .doesNotContain("---------------");
        } finally {
            lab.node(3).plug();
        }
        awaitNoProcess(lab.node(3), "sleep 4805");
        assertNothingIsLeft("sleep 4805");
    }

    @Test
    void aNodeThatHangsIsNamedAndTheResultsOfTheOthersComeHome() {
        try (RunningCommand job = lab.manager()
                .start(command(
                        "launch",
                        "--fetch",
                        "out",
                        "--results",
                        "/tmp/results-living",
                        "--",
                        "sh",
                        "-c",
                        "echo part >out; echo begun; sleep 4806"))) {
            awaitProbes(job);
            lab.node(2).freeze();
            try {
                Result result = job.await();

                assertThat(result.exitStatus()).as(result.toString()).isEqualTo(69);
                assertThat(result.stderr())
                        .matches(String.format(DIED, "node2"))
                        .contains("hint: --retry 1")
                        .contains("error: cannot fetch the results of node2: nothing answers there")
                        .contains("fetched 2 files of node[1,3] into /tmp/results-living");
            } finally {
                lab.node(2).thaw();
            }
        }
        lab.nodes().forEach(node -> awaitNoProcess(node, "sleep 4806"));
        assertThat(launch("-n", "1", "--", "true").succeeded().stderr()).contains("an earlier job left on node2");
        assertNothingIsLeft("sleep 4806");
    }

    @Test
    void aNodeWithoutPowerIsNamedAndFewerProcessesRunWhereThatWasWanted() {
        try (RunningCommand job = lab.manager()
                .start(command(
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
            awaitProbes(job);
            lab.node(1).cutPower();

            Result result = job.await().succeeded();

            assertThat(result.stderr()).matches(String.format(DIED, "node1"));
            assertThat(result.stdout()).contains("begun of 4");
        } finally {
            lab.node(1).restorePower();
        }
        assertNothingIsLeft("sleep 4807");
    }

    /** A program that only the manager has. */
    private static String script(String name, String commands) {
        String file = "/tmp/" + name + ".sh";
        lab.manager()
                .sh("printf '%s\\n' '#!/bin/sh' \"" + commands.replace("$", "\\$") + "\" >" + file + " && chmod 755 "
                        + file);
        return file;
    }

    /** All of its processes have begun. */
    private static void awaitAll(RunningCommand job, int ranks) {
        job.awaitOutput("begun\n".repeat(ranks));
    }

    /** A node that never answered is not missed: its server has to have seen a probe. */
    private static void awaitProbes(RunningCommand job) {
        job.awaitOutput("begun");
        lab.nodes().forEach(JobsIT::awaitProbe);
    }

    static void awaitProbe(NodeContainer node) {
        node.sh("since=@$(date +%s); until journalctl -q -u ssh --since $since"
                + " | grep -q 'Connection closed by'; do sleep 0.1; done");
    }

    private static void assertNothingIsLeft(String process) {
        assertNothingIsLeft(lab.nodes(), process);
    }

    static void assertNothingIsLeft(List<NodeContainer> nodes, String process) {
        nodes.forEach(node -> {
            awaitNoProcess(node, process);
            assertThat(node.sh("ls /tmp")).as(node.name()).doesNotContain("sciabc-job-");
        });
    }

    static void awaitNoProcess(NodeContainer node, String process) {
        node.run(Command.of(
                                "timeout",
                                "30",
                                "bash",
                                "-c",
                                "while pgrep -f '" + process
                                        + "' | grep -v -e $$ -e $PPID >/dev/null; do sleep 0.1; done")
                        .within(Duration.ofSeconds(40)))
                .succeeded();
    }

    private static JsonObject latestJob() throws JsonParserException {
        JsonArray jobs = JsonParser.object()
                .from(lab.manager().sciabc("jobs", "--json").succeeded().stdout())
                .getArray("jobs");
        return jobs.getObject(0);
    }

    private static Result launch(String... arguments) {
        return lab.manager().run(command("launch", arguments));
    }

    private static Result inFolder(String folder, String command) {
        return lab.manager()
                .run(Command.script("cd '" + folder + "' && " + sciabc(command)).as(ManagerContainer.USER));
    }

    private static String sciabc(String command) {
        return ManagerContainer.DISTRIBUTION + "/bin/sciabc " + command;
    }

    /** On the nodes that provisioning has found, without looking for them each time. */
    private static Command command(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of(verb, "--user", "pi", "--known"));
        words.addAll(List.of(arguments));
        return lab.manager().command(words.toArray(String[]::new));
    }
}
