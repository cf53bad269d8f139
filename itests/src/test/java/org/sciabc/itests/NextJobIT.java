// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session starts of the job that is likely to be the next: it is used by that one, or gone. */
@RequiresContainerEngine
class NextJobIT {
    private static final String USER = "teacher";
    private static final String SCIABC = ManagerContainer.DISTRIBUTION + "/bin/sciabc ";
    private static final String READY = "for i in $(seq 300); do case $(" + SCIABC
            + "session status --json) in *'\"ahead\"'*) exit 0 ;; esac; sleep 0.1; done; exit 1";

    /** What waits on a node; the first process has one beside it that is to feed it. */
    private static final String WAITING = "pgrep -u pi -x perl -P $(pgrep -u pi -d, -x orted)";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeacherLogInEverywhere() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY, MachineImage.READY);
        String key = lab.node(1).makeKey();
        StringBuilder lines = new StringBuilder();
        for (NodeContainer node : nodes()) {
            node.letIn(key);
            lines.append("pi@").append(node.address()).append(" slots=1\n");
        }
        lab.node(1).write("/home/" + USER + "/nodes.txt", lines.toString());
        succeeds(SCIABC + "exec --hostfile nodes.txt --accept-new-host-keys -- true");
    }

    @BeforeEach
    void beginASession() {
        succeeds(SCIABC + "session start --hostfile nodes.txt");
        succeeds(READY);
    }

    @Test
    void aLaunchRunsInProcessesThatWereThereBefore() {
        List<String> before = waiting();

        Result job = succeeds(launch("", "sh -c 'echo $PPID'"));

        assertThat(job.stdout().lines()).hasSize(2).containsExactlyInAnyOrderElementsOf(before);
        assertThat(job.stderr()).isEmpty();
        succeeds(READY);
        assertThat(waiting()).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(succeeds(SCIABC + "session status").stdout()).contains("2 processes for the next launch");
    }

    @Test
    void itsStreamsAndItsEndAreTheJobsOwn() {
        Result job = as("echo hello | " + launch("", "sh -c 'cat; echo err >&2; exit 3'"));

        assertThat(job.exitStatus()).isEqualTo(3);
        assertThat(job.stdout()).isEqualTo("hello\n");
        assertThat(job.stderr()).isEqualTo("err\nerr\n");
    }

    /** By whom, mpirun alone would say. */
    @Test
    void aSignalThatEndsAProcessIsNamed() {
        Result job = as(launch("", "sh -c 'kill -SEGV $$'"));

        assertThat(job.exitStatus()).isEqualTo(139);
        assertThat(job.stderr()).containsPattern("error: rank [01] was ended by signal 11 \\(segmentation fault\\)");
    }

    /** What waits was started where there was none. */
    @Test
    void aFolderThatIsNewOnANodeIsEntered() {
        String there = "mkdir -p /tmp/new && cd /tmp/new && ";
        succeeds(there + SCIABC + "session start --hostfile ~/nodes.txt");
        succeeds(there + READY);
        NodeContainer node = nodes().get(0);
        node.sh("install -d -o pi -g pi /tmp/new");

        Result job = succeeds(there + SCIABC + "launch --hostfile ~/nodes.txt -- sh -c 'pwd; echo $PWD'");

        node.sh("rmdir /tmp/new");
        assertThat(job.stdout().lines()).containsExactlyInAnyOrder("/tmp/new", "/tmp/new", "/home/pi", "/home/pi");
    }

    /** As mpirun says it. */
    @Test
    void aProgramThatLeavesMpiWithoutAWordHasFailed() {
        succeeds("printf '#include <mpi.h>\nint main(int c, char **v) { MPI_Init(&c, &v); return 0; }\n' >left.c"
                + " && mpicc -o left left.c");
        succeeds(READY);

        Result job = as(launch("--stage", "./left"));

        assertThat(job.exitStatus()).as(job.toString()).isOne();
        assertThat(job.stderr()).contains("finalize");
    }

    @Test
    void aJobOfAnotherShapeRunsAsEverAndNothingIsLeftOfWhatWaited() {
        List<String> before = waiting();

        assertThat(succeeds(launch("-n 1", "sh -c 'echo $PPID'")).stdout().strip())
                .isNotIn(before);

        succeeds(READY);
        nodes().get(0).sh(until("[ $(" + WAITING + " | wc -l) = 1 ]"));
        nodes().get(1).sh(until("! pgrep -u pi perl"));
    }

    @Test
    void aMistypedProgramLeavesItForTheNextLaunch() {
        List<String> before = waiting();

        assertThat(as(launch("", "./no-such-program")).exitStatus()).isEqualTo(75);

        assertThat(succeeds(launch("", "sh -c 'echo $PPID'")).stdout().lines())
                .containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void whatChangedInAnAccountSinceThenIsSeen() {
        NodeContainer node = nodes().get(0);
        node.sh("cp ~pi/.bashrc ~pi/.bashrc.old && sed -i '1i export GREETING=new' ~pi/.bashrc");
        String greet = launch("", "sh -c 'echo ${GREETING:-none}'");
        try {
            assertThat(succeeds(greet).stdout().lines()).containsExactlyInAnyOrder("new", "none");
        } finally {
            node.sh("mv ~pi/.bashrc.old ~pi/.bashrc");
        }
        assertThat(succeeds(greet).stdout()).isEqualTo("none\nnone\n");
    }

    @Test
    void aNodeThatLosesItRunsTheNextJobAllTheSame() {
        nodes().get(1).sh("pkill -KILL -u pi -x orted");
        succeeds(until("! pgrep mpirun"));

        Result job = succeeds(launch("", "hostname"));

        assertThat(job.stdout().lines()).containsExactlyInAnyOrder("node2", "node3");
        assertThat(job.stderr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"session stop", "session start --idle 1s --hostfile nodes.txt", "KILL"})
    void itEndsWithTheSession(String how) {
        if (how.equals("KILL")) {
            succeeds("kill -9 $(pgrep -x java)");
        } else {
            succeeds(SCIABC + how);
        }
        nodes().forEach(node -> node.sh(until("! pgrep -u pi 'orted|perl'")));
        succeeds(until("! pgrep mpirun"));
        succeeds(until("[ -z \"$(ls /tmp | grep ompi)\" ]"));
    }

    @Test
    void whoWantsNothingOnTheNodesHasNothingThere() {
        succeeds(SCIABC + "session stop");
        String without = " --set openmpi.resident=false";

        assertThat(succeeds(SCIABC + "session start --hostfile nodes.txt" + without)
                        .stderr())
                .contains("connections alone stay open");

        succeeds(launch(without, "true"));
        nodes().forEach(node -> node.sh(until("! pgrep -u pi 'orted|perl'")));
        assertThat(succeeds(SCIABC + "session status --json").stdout()).doesNotContain("\"ahead\"");
    }

    private static List<NodeContainer> nodes() {
        return lab.nodes().subList(1, 3);
    }

    private static List<String> waiting() {
        return nodes().stream()
                .flatMap(node -> Stream.of(node.sh(WAITING).strip().split("\n", -1)))
                .toList();
    }

    private static String until(String condition) {
        return "for i in $(seq 300); do if " + condition + " >/dev/null; then exit 0; fi; sleep 0.1; done; exit 1";
    }

    private static String launch(String options, String job) {
        return SCIABC + "launch --hostfile nodes.txt " + options + " -- " + job;
    }

    private static Result succeeds(String script) {
        return as(script).succeeded();
    }

    private static Result as(String script) {
        return lab.node(1).run(Command.script("cd ~ && " + script).as(USER).with("HOME", "/home/" + USER));
    }
}
