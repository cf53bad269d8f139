// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main cases of {@link JobsIT} with Open MPI 5 and its other run-time. The first of the machines launches. */
@RequiresContainerEngine
class JobsOnDebian13IT {
    private static final String HOME = "/home/" + ManagerContainer.USER;

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letTheFirstIn() {
        lab = Lab.of(MachineImage.READY_TRIXIE, MachineImage.READY_TRIXIE, MachineImage.READY_TRIXIE);
        String key = lab.node(1).makeKey();
        StringBuilder hostfile = new StringBuilder();
        for (NodeContainer node : workers()) {
            node.letIn(key);
            hostfile.append("pi@").append(node.address()).append(" slots=1\n");
        }
        lab.node(1).write(HOME + "/nodes.txt", hostfile.toString());
        lab.node(1)
                .run(sciabc("exec", "--hostfile", HOME + "/nodes.txt", "--accept-new-host-keys", "--", "true"))
                .succeeded();
    }

    @Test
    void eachLineSaysWhichRankAndNodeWroteIt() {
        Result result = lab.node(1)
                .run(launch("--tag", "--", "sh", "-c", "hostname; echo wrong >&2"))
                .succeeded();

        // PRRTE calls a machine what it calls itself, whatever the hostfile calls it.
        assertThat(result.stdout().lines()).containsExactlyInAnyOrder("[0 node2] node2", "[1 node3] node3");
        assertThat(result.stderr()).contains("[0 node2] wrong", "[1 node3] wrong");
    }

    @Test
    void aJobThatTakesTooLongIsEndedAndItsResultsComeHome() {
        Result result = lab.node(1)
                .run(launch(
                        "--timeout",
                        "10s",
                        "--fetch",
                        "out.{rank}",
                        "--results",
                        "/tmp/late",
                        "--",
                        "sh",
                        "-c",
                        "hostname >out.$PMIX_RANK; sleep 4901"));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(124);
        assertThat(result.stderr()).contains("error: the job was ended: it took longer than 10s");
        assertThat(lab.node(1).sh("cd /tmp/late && cat */*/out.[01]")).isEqualTo("node2\nnode3\n");
        assertNothingIsLeft("sleep 4901");
    }

    /** At once, and late: see decision 42. */
    @ParameterizedTest
    @ValueSource(strings = {"wc -c", Jobs.COUNTS_LATE})
    void outputIsWhole(String reader) {
        Result result = piped("-- " + Jobs.LINES, reader).succeeded();

        assertThat(result.stdout().strip()).isEqualTo(Integer.toString(2 * Jobs.LENGTH_OF_LINES));
    }

    /** By hand, PRRTE 3.0 loses nearly all of it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--tag"})
    void inputIsWhole(String option) {
        String count = option + " -- sh -c 'wc -c' </bin/bash 2>/tmp/said";
        Result result = piped(count, "sort; wc -c </bin/bash; cat /tmp/said").succeeded();

        List<String> lines = result.stdout().lines().toList();
        String length = lines.get(2);
        assertThat(lines.subList(0, 2))
                .anyMatch(line -> line.matches("(\\[0 node2\\] )?" + length))
                .anyMatch(line -> line.matches("(\\[1 node3\\] )?0"));
    }

    @Test
    void aJobIsEndedThoughNobodyReadsItsOutput() {
        piped("--timeout 4s -- yes 4904 2>/tmp/said", Jobs.UNTIL_MPIRUN_HAS_ENDED);

        assertThat(lab.node(1).read("/tmp/said")).contains("error: the job was ended: it took longer than 4s");
        assertNothingIsLeft("yes 4904");
    }

    /** Who does not read the output does not read what is said about the node. */
    @Test
    void whenANodeHangsTheJobIsEndedThoughNobodyReads() {
        NodeContainer node = lab.node(3);
        String chatty = "while :; do seq 1000; sleep 0.1; done; : 4905";
        String nobody = "mkfifo ~/nobody && cat ~/nobody";
        try (RunningCommand job = lab.node(1).start(pipe("-- sh -c '" + chatty + "' 2>&1", nobody))) {
            node.sh("until pgrep -f '[4]905' >/dev/null; do sleep 0.1; done");
            Jobs.awaitProbe(node);
            node.freeze();
            try {
                Jobs.awaitNoProcess(lab.node(2), "4905");
            } finally {
                node.thaw();
            }
            lab.node(1).sh("exec 3>" + HOME + "/nobody");

            assertThat(job.await().exitStatus()).isZero();
        }
        assertNothingIsLeft("4905");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "KILL, 137"})
    void everyProcessEndsTogetherWithSciabcAndNothingOfItStays(String signal, int status) {
        lab.node(1).sh("printf '#!/bin/sh\\necho begun; sleep 4902\\n' >/tmp/waiting.sh && chmod 755 /tmp/waiting.sh");
        try (RunningCommand job = lab.node(1).start(launch("--stage", "--", "/tmp/waiting.sh"))) {
            job.awaitOutput("begun\nbegun\n");
            job.signal(signal);

            assertThat(job.await().exitStatus()).isEqualTo(status);
        }
        workers().forEach(node -> Jobs.awaitNoProcess(node, "sleep 4902"));
        Result next = lab.node(1).run(launch("-n", "1", "--", "true")).succeeded();
        assertThat(next.stderr().contains("which an earlier job left")).isEqualTo(signal.equals("KILL"));
        assertNothingIsLeft("sleep 4902");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aNodeThatHangsAndOneWithoutACableAreNamed(boolean hangs) {
        NodeContainer node = lab.node(3);
        try (RunningCommand job = lab.node(1).start(launch("--", "sh", "-c", "echo begun; sleep 4903"))) {
            job.awaitOutput("begun\nbegun\n");
            Jobs.awaitProbe(node);
            trouble(node, hangs);
            try {
                Result result = job.await();

                assertThat(result.exitStatus()).as(result.toString()).isEqualTo(69);
                assertThat(result.stderr()).matches(Jobs.died(name(3)));
            } finally {
                end(node, hangs);
            }
        }
        assertNothingIsLeft("sleep 4903");
    }

    private static void trouble(NodeContainer node, boolean hangs) {
        if (hangs) {
            node.freeze();
        } else {
            node.unplug();
        }
    }

    private static void end(NodeContainer node, boolean hangs) {
        if (hangs) {
            node.thaw();
        } else {
            node.plug();
        }
    }

    private static List<NodeContainer> workers() {
        return lab.nodes().subList(1, lab.nodes().size());
    }

    /** Nodes of a hostfile that nobody has discovered are called by their addresses. */
    private static String name(int number) {
        return lab.node(number).address();
    }

    private static void assertNothingIsLeft(String process) {
        Jobs.assertNothingIsLeft(workers(), process);
    }

    private static Command launch(String... arguments) {
        List<String> words = new ArrayList<>(List.of("launch", "--hostfile", HOME + "/nodes.txt"));
        words.addAll(List.of(arguments));
        return sciabc(words.toArray(String[]::new));
    }

    private static Result piped(String words, String reader) {
        return lab.node(1).run(pipe(words, reader));
    }

    private static Command pipe(String words, String reader) {
        return Command.script(ManagerContainer.DISTRIBUTION + "/bin/sciabc launch --hostfile " + HOME + "/nodes.txt "
                        + words + " | { " + reader + "; }")
                .as(ManagerContainer.USER)
                .with("HOME", HOME);
    }

    private static Command sciabc(String... arguments) {
        List<String> words = new ArrayList<>(List.of(ManagerContainer.DISTRIBUTION + "/bin/sciabc"));
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new))
                .as(ManagerContainer.USER)
                .with("HOME", HOME);
    }
}
