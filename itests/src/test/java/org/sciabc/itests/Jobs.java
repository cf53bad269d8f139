// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Jobs that the manager of a lab runs on the nodes that provisioning has found, and what is left of them. */
record Jobs(Lab lab) {
    /** A program that writes as much, and ends. */
    static final String HUNDRED_MEGABYTES = "head -c 100000000 /dev/zero";

    /** A program that writes {@link #LENGTH_OF_LINES} bytes, and ends. */
    static final String LINES = "seq 1000000";

    static final int LENGTH_OF_LINES = 6_888_896;

    /** Reads nothing, and ends when there was a job, within a minute. */
    static final String UNTIL_MPIRUN_HAS_ENDED =
            "until pgrep -f '^(mpirun|prterun) --hostfile' >/dev/null; do sleep 0.1; done;"
                    + " for i in $(seq 600); do pgrep -f '^(mpirun|prterun) --hostfile' >/dev/null || break; sleep 0.1; done";

    /** Counts what comes, but not before most launchers have nothing left to do. */
    static final String COUNTS_LATE = "(sleep 4; wc -c)";

    /** What is said of a node that died, and how much later the job had ended. */
    static String died(String node) {
        return "(?s).*error: " + node
                + " stopped answering at \\d\\d:\\d\\d:\\d\\d; the job ended \\d+\\.\\d s later\n.*";
    }

    /** Runs it to its end. */
    Result launch(String... arguments) {
        return lab.manager().run(command("launch", arguments));
    }

    /** The same with an input. */
    Result reading(String input, String... arguments) {
        return lab.manager().run(command("launch", arguments).reading(input));
    }

    /** The same with an input that does not end before the job does, as at a terminal. */
    Result withInputThatStaysOpen(String words) {
        String holding = "sh -c 'echo $$ >/tmp/holder; exec sleep 60'";
        String launch = ManagerContainer.DISTRIBUTION + "/bin/sciabc launch --user pi --known " + words;
        return lab.manager()
                .run(Command.script(holding + " | { " + launch + "; s=$?; kill $(cat /tmp/holder); exit $s; }")
                        .as(ManagerContainer.USER));
    }

    /** A verb on those nodes, without looking for them each time. */
    Command command(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of(verb, "--user", NodeContainer.USER, "--known"));
        words.addAll(List.of(arguments));
        return lab.manager().command(words.toArray(String[]::new));
    }

    /** What is typed in a folder. */
    Result inFolder(String folder, String command) {
        return lab.manager()
                .run(Command.script("cd '" + folder + "' && PATH=" + ManagerContainer.DISTRIBUTION
                                + "/bin:$PATH && sciabc " + command)
                        .as(ManagerContainer.USER));
    }

    /** A program that only the manager has. */
    String script(String name, String commands) {
        String file = "/tmp/" + name + ".sh";
        lab.manager()
                .sh("printf '%s\\n' '#!/bin/sh' \"" + commands.replace("$", "\\$") + "\" >" + file + " && chmod 755 "
                        + file);
        return file;
    }

    /** The record of the job that was started last. */
    JsonObject latestJob() throws JsonParserException {
        return JsonParser.object()
                .from(lab.manager().sciabc("jobs", "--json").succeeded().stdout())
                .getArray("jobs")
                .getObject(0);
    }

    /** All of its processes have begun. */
    static void awaitAll(RunningCommand job, int ranks) {
        job.awaitOutput("begun\n".repeat(ranks));
    }

    /** The watch over the job has begun. */
    void awaitProbes(RunningCommand job) {
        job.awaitOutput("begun");
        lab.nodes().forEach(Jobs::awaitProbe);
    }

    /** Most ask the kernel alone, which counts what it refuses. */
    static void awaitProbe(NodeContainer node) {
        node.sh("refused() { awk '/^Tcp: [0-9]/ { print $15 }' /proc/net/snmp; }; before=$(refused)"
                + "; until [ $(refused) -gt $before ]; do sleep 0.1; done");
    }

    /** Neither a process nor a folder of the job is on any node. */
    void assertNothingIsLeft(String process) {
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
}
