// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Nodes that go and come back, or come for the first time, while a teacher launches jobs: node4 has no Open MPI. */
@RequiresContainerEngine
class ComeAndGoIT {
    private static final String USER = ManagerContainer.USER;
    private static final String HOME = "/home/" + USER;

    /** Several logins, one after the other, on a machine that is busy with other tests. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeachersKeyIn() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY, MachineImage.READY, MachineImage.BARE, MachineImage.READY);
        String key = lab.manager().makeKey();
        lab.nodes().forEach(node -> node.letIn(key));
        hostfile(1, 2, 3, 4);
        as(sciabc("exec --hostfile nodes.txt --accept-new-host-keys -- true")).succeeded();
    }

    /** On a terminal, where the unknown key of node5 could be asked about in the middle of the job. */
    @Test
    void aJobRunsAgainWithTheNewcomersThatFitAndAsksNothing() {
        hostfile(1, 2);
        String job = "sh -c 'echo begun; until [ -e /tmp/over ]; do sleep 0.2; done; echo ran on $(hostname)'";
        try (RunningCommand launch = lab.manager()
                .start(command(sciabc("launch --hostfile nodes.txt --retry 1 -- " + job))
                        .onTerminal())) {
            launch.awaitOutput("begun");
            lab.node(2).sh("until journalctl -q -u ssh | grep -q kex_exchange_identification; do sleep 0.1; done");
            lab.node(2).unplug();
            hostfile(1, 2, 3, 4, 5);
            lab.node(1).sh("touch /tmp/over");
            lab.node(3).sh("touch /tmp/over");

            Result result = launch.await().succeeded();

            assertThat(result.stdout())
                    .contains(lab.node(2).address() + " stopped answering", "running it again on ", "ran on node3")
                    .contains(lab.node(4).address() + " joined and is left out: Open MPI is missing")
                    .contains(lab.node(5).address() + " joined and is left out: the host key is not known")
                    .contains(lab.node(5).hostKeyFingerprint())
                    .doesNotContain("Trust it?", "ran on node4", "ran on node5");
            assertThat(as(sciabc("session")).succeeded().stdout())
                    .contains(lab.node(1).address())
                    .doesNotContain(lab.node(2).address() + " ");
        } finally {
            lab.node(2).plug();
        }
    }

    @Test
    void aNodeThatIsBackIsUsedAtOnceAlthoughItsOldConnectionHangs(TestReporter reporter) {
        hostfile(1, 2, 3);
        as(launch()).succeeded();
        lab.node(2).unplug();
        Result failed;
        try {
            failed = as(launch());
        } finally {
            lab.node(2).plug();
        }

        Result back = as(launch()).succeeded();

        assertThat(failed.exitStatus()).as(failed.toString()).isEqualTo(75);
        assertThat(failed.stderr()).contains("no answer on " + lab.node(2).address());
        assertThat(back.stdout().lines()).containsExactlyInAnyOrder("node1", "node2", "node3");
        assertThat(back.stderr()).doesNotContain("error:");
        reporter.publishEntry(
                "a launch beside a connection that hangs takes", back.duration().toString());
    }

    private static void hostfile(int... numbers) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append("pi@").append(lab.node(number).address()).append(" slots=1\n");
        }
        lab.manager().write(HOME + "/nodes.txt", text.toString());
    }

    private static String launch() {
        return sciabc("launch --hostfile nodes.txt -- hostname");
    }

    private static String sciabc(String words) {
        return ManagerContainer.DISTRIBUTION + "/bin/sciabc " + words;
    }

    private static Result as(String script) {
        return lab.manager().run(command(script));
    }

    private static Command command(String script) {
        return Command.script("cd ~ && " + script).as(USER).with("HOME", HOME).within(LIMIT);
    }
}
