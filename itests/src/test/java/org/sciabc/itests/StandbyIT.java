// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process that a session keeps for the next commands: what it runs is as if it ran by itself. */
@RequiresContainerEngine
class StandbyIT {
    private static final String USER = "teacher";
    private static final String SCIABC = "exec " + ManagerContainer.DISTRIBUTION + "/bin/sciabc ";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeacherLogInEverywhere() {
        lab = Lab.of(MachineImage.READY, MachineImage.READY, MachineImage.READY);
        String key = lab.node(1).makeKey();
        StringBuilder nodes = new StringBuilder();
        for (NodeContainer node : lab.nodes().subList(1, 3)) {
            node.letIn(key);
            nodes.append("pi@").append(node.address()).append(" slots=1\n");
        }
        lab.node(1).write("/home/" + USER + "/nodes.txt", nodes.toString());
        succeeds(SCIABC + "exec --hostfile nodes.txt --accept-new-host-keys -- true");
    }

    @BeforeEach
    void beginASession() {
        succeeds(SCIABC + "session start --hostfile nodes.txt");
        assertThat(standby()).isNotEmpty();
    }

    @Test
    void streamsAndStatusesAreThoseOfTheJob() {
        Result job = as(launch("-n 1", "sh -c 'echo out; echo err >&2; exit 3'"));
        assertThat(job.exitStatus()).isEqualTo(3);
        assertThat(job.stdout()).isEqualTo("out\n");
        assertThat(job.stderr()).startsWith("err\n");
        assertThat(succeeds("echo hello | (" + launch("-n 1", "cat") + ")").stdout())
                .isEqualTo("hello\n");
        assertThat(as(launch("-n 1", "sh -c 'kill -9 $$'")).exitStatus()).isEqualTo(137);
        String bytes = Jobs.HUNDRED_MEGABYTES;
        assertThat(succeeds("(" + launch("-n 1", bytes) + ") | md5sum").stdout())
                .isEqualTo(succeeds(bytes + " | md5sum").stdout());
        assertThat(as(SCIABC + "exec --hostfile nodes.txt -b -- 'echo a; exit 4'")
                        .exitStatus())
                .isEqualTo(4);
        assertThat(as(SCIABC + "launch --hostfile nodes.txt --bogus").exitStatus())
                .isEqualTo(64);
    }

    /** The rest of a list, as of a script, is for others. */
    @Test
    void whatACommandDoesNotReadIsLeftForTheNext() {
        String each = "while read -r n; do (" + SCIABC + "exec -n --hostfile nodes.txt -- true); echo $n; done";
        assertThat(succeeds("printf '1\\n2\\n3\\n' | " + each).stdout()).isEqualTo("1\n2\n3\n");
    }

    /** As a signal ends other programs. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--cold"})
    void aReaderThatLeavesEndsTheJob(String cold) {
        Result job = as("set -o pipefail; " + words(launch(cold + " -n 1", "yes 4322")) + " | head -n 1");

        assertThat(job.exitStatus()).as(job.toString()).isEqualTo(141);
        assertThat(job.stdout()).isEqualTo("4322\n");
        assertThat(job.stderr()).isEmpty();
        nobodyRuns("yes");
        assertThat(succeeds(jobsShow()).stdout()).contains("nobody read its output any longer");
        assertThat(standby()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--cold"})
    void aReaderOfErrorsThatLeavesEndsTheJob(String cold) {
        Result job = as(
                "set -o pipefail; " + words(launch(cold + " -n 1", "sh -c 'exec yes 4324 >&2'")) + " 2>&1 | head -n 1");

        assertThat(job.exitStatus()).as(job.toString()).isEqualTo(141);
        assertThat(job.stdout()).isEqualTo("4324\n");
        nobodyRuns("yes");
        assertThat(as(launch(cold + " -n 1", "sh -c 'seq 100000 >&2; exit 3'") + " 2>/dev/full")
                        .exitStatus())
                .isEqualTo(3);
    }

    /** Something still writes then what the job had written. */
    @Test
    void aReaderThatLeavesAfterTheJobEndsNothingElse() {
        String standby = standby();

        as("timeout -s INT 2 " + words(launch("-n 1", "yes 4323")) + " | sleep 4");

        nobodyRuns("yes");
        assertThat(succeeds(launch("-n 1", "echo next")).stdout()).isEqualTo("next\n");
        assertThat(standby()).isEqualTo(standby);
    }

    /** It signals the command, and then the whole group: what carries the output has to stay until all has come. */
    @Test
    void whatTimeoutEndsSaysAllThatItHasToSay() {
        Result job = as("timeout 10 " + words(launch("-n 1", "sh -c 'echo begun; exec yes 4329 >/dev/null'"))
                + "; echo $?; " + jobsShow());

        assertThat(job.stdout()).as(job.toString()).startsWith("begun\n124\n").contains("143");
        nobodyRuns("yes");
    }

    /** Its output is kept where nobody could write it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--cold"})
    void aFullDiskDoesNotEndTheJob(String cold) {
        Result job = as(launch(cold + " -n 1", "seq 100000") + " >/dev/full");

        assertThat(job.exitStatus()).as(job.toString()).isEqualTo(74);
        assertThat(job.stderr()).contains("No space left on device");
        assertThat(succeeds(jobsShow() + " | tail -n 1").stdout()).isEqualTo("100000\n");
    }

    @Test
    void jobsAreRunByItAndByNoOtherProcessOfJava() {
        try (RunningCommand job = start(launch("-n 1", "sh -c 'echo started; sleep 4321'"))) {
            job.awaitOutput("started");
            assertThat(javas()).containsExactly(standby());
        }
    }

    /** A folder that it was not started in, a variable that it does not have, and a word that wants none of it. */
    @ParameterizedTest
    @ValueSource(strings = {"cd /tmp && ", "export FOO=bar && ", "umask 027 && ", "COLD=--cold && "})
    void fromOtherSurroundingsJavaStartsAsEver(String others) {
        String words =
                others + SCIABC + "launch ${COLD:-} --hostfile ~/nodes.txt -n 1 -- sh -c 'echo started; sleep 4321'";
        try (RunningCommand job = start(words)) {
            job.awaitOutput("started");
            assertThat(javas()).hasSize(2).contains(standby());
            assertThat(job.running()).as(job.stderr()).isTrue();
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        nobodySleeps();
    }

    @Test
    void aSecondCommandAtTheSameTimeStartsJavaAsEver() {
        try (RunningCommand job = start(launch("-n 1", "sh -c 'echo started; sleep 4321'"))) {
            job.awaitOutput("started");
            assertThat(succeeds(launch("-n 1", "echo other")).stdout()).isEqualTo("other\n");
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        nobodySleeps();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT 130", "TERM 143", "HUP 129"})
    void signalsEndTheJobAndNotTheSession(String signalAndStatus) {
        String[] parts = signalAndStatus.split(" ", -1);
        String standby = standby();
        try (RunningCommand job = start(launch("", "sh -c 'echo started; sleep 4321'"))) {
            job.awaitOutput("started");
            job.signal(parts[0]);
            assertThat(job.await().exitStatus()).isEqualTo(Integer.parseInt(parts[1]));
        }
        nobodySleeps();
        assertThat(succeeds(launch("-n 1", "echo next")).stdout()).isEqualTo("next\n");
        assertThat(standby()).isEqualTo(standby);
    }

    @Test
    void ctrlCOnATerminalEndsTheJobAndNotTheSession() {
        String standby = standby();
        try (RunningCommand job = lab.node(1)
                .start(command(launch("", "sh -c 'echo started; sleep 4321'")).onTerminal())) {
            job.awaitOutput("started");
            assertThat(javas()).containsExactly(standby);
            job.interrupt();
            assertThat(job.await().exitStatus()).isEqualTo(130);
        }
        nobodySleeps();
        assertThat(standby()).isEqualTo(standby);
    }

    @Test
    void whatNobodyWaitsForAnyLongerEnds() {
        String standby = standby();
        try (RunningCommand job = start(launch("", "sh -c 'echo started; sleep 4321'"))) {
            job.awaitOutput("started");
            job.signal("KILL");
        }
        nobodySleeps();
        until("[ ! -e " + folder() + "/desk ]");
        assertThat(succeeds(launch("-n 1", "echo next")).stdout()).isEqualTo("next\n");
        assertThat(standby()).isEqualTo(standby);
    }

    @Test
    void whenItIsKilledTheJobEndsAndThatIsSaid() {
        succeeds(launch("", "hostname"));
        assertThat(waitingShell(lab.node(2))).isNotEmpty();
        try (RunningCommand job = start(launch("", "sh -c 'echo started; sleep 4321'"))) {
            job.awaitOutput("started");
            succeeds("kill -9 " + standby());
            Result ended = job.await();
            assertThat(ended.exitStatus()).isEqualTo(70);
            assertThat(ended.stderr()).contains("has ended unexpectedly");
        }
        nobodySleeps();
        lab.nodes().subList(1, 3).forEach(StandbyIT::noShellWaits);
        assertThat(as(launch("-n 1", "echo next")).stdout()).isEqualTo("next\n");
        assertThat(succeeds("echo " + folder()).stdout()).contains("*");
    }

    @Test
    void stopEndsItAndLeavesNothing() {
        String standby = standby();
        assertThat(succeeds(SCIABC + "session").stdout())
                .contains("process " + standby + ", for commands typed in /home/" + USER);

        Result stop = succeeds(SCIABC + "session stop");

        assertThat(stop.stderr()).contains("ended the process that stayed for the next commands");
        assertThat(javas()).isEmpty();
        until("! ls -d " + folder() + " 2>/dev/null");
    }

    @Test
    void whatIsAtWorkEndsAfterThatAndIsNotSaidToHaveEnded() {
        try (RunningCommand running = start(SCIABC + "exec --hostfile nodes.txt -- 'echo started; sleep 4321'")) {
            running.awaitOutput("started");

            Result stop = succeeds(SCIABC + "session stop --json");

            assertThat(stop.stderr())
                    .contains("the process that stays for the next commands is at work, and ends after that")
                    .doesNotContain("ended the process", "nothing was open");
            assertThat(stop.stdout()).contains("\"connections\":[],\"standby\":{\"process\":");
            running.interrupt();
            running.await().endedWith(130);
        }
        until("! pgrep -x java");
        until("! ls -d " + folder() + " 2>/dev/null");
        assertThat(succeeds(SCIABC + "session stop --json").stdout())
                .isEqualTo("{\"cluster\":\"default\",\"connections\":[]}\n");
    }

    @Test
    void withoutACommandItEndsByItself() {
        succeeds(SCIABC + "session start --idle 1s --hostfile nodes.txt");
        until("! pgrep -x java");
        until("! ls -d " + folder() + " 2>/dev/null");
    }

    @Test
    void noneStaysForWhoWantsNone() {
        succeeds(SCIABC + "session start --no-standby --hostfile nodes.txt");

        assertThat(javas()).isEmpty();
        assertThat(succeeds(launch("-n 1", "echo next")).stdout()).isEqualTo("next\n");
    }

    @Test
    void anotherFolderGetsOneOfItsOwn() {
        String standby = standby();

        succeeds("cd /tmp && " + SCIABC + "session start --hostfile ~/nodes.txt");

        assertThat(standby()).isNotEmpty().isNotEqualTo(standby);
        until("[ $(pgrep -cx java) = 1 ]");
        succeeds(SCIABC + "session stop");
    }

    @Test
    void aShellOnEachNodeWaitsForTheChecksOfTheNextLaunch() {
        NodeContainer node = lab.node(2);
        succeeds(launch("", "hostname"));
        String shell = waitingShell(node);
        assertThat(shell).isNotEmpty();
        succeeds(launch("", "hostname"));
        succeeds(launch("", "hostname"));
        assertThat(waitingShell(node)).isEqualTo(shell);

        node.sh("kill -9 " + shell);
        Result next = succeeds(launch("", "hostname"));
        assertThat(next.stdout().lines()).containsExactlyInAnyOrder("node2", "node3");
        assertThat(next.stderr()).isEmpty();
        assertThat(waitingShell(node)).isNotEmpty().isNotEqualTo(shell);

        succeeds(SCIABC + "session stop");
        noShellWaits(node);
    }

    /** The shell that waits has read its account's files long ago. */
    @Test
    void whatANewShellWouldFindIsFound() {
        for (NodeContainer node : lab.nodes().subList(1, 3)) {
            node.sh("for own in one other; do mkdir /opt/$own && printf '#!/bin/sh\necho '$own'\n' >/opt/$own/ours"
                    + " && chmod 755 /opt/$own/ours && touch -d '1 minute ago' /opt/$own/ours; done"
                    + " && cp ~pi/.bashrc ~pi/.bashrc.old && sed -i '1i PATH=/opt/one:$PATH' ~pi/.bashrc");
        }
        lab.node(3).sh("while [ $(($(date +%s) - $(stat -c %Z ~pi/.bashrc))) -lt 6 ]; do sleep 0.1; done");
        succeeds(launch("", "ours"));
        String shell = waitingShell(lab.node(2));
        assertThat(succeeds(launch("", "ours")).stdout()).isEqualTo("one\none\n");
        assertThat(waitingShell(lab.node(2))).isEqualTo(shell);

        lab.node(2).sh("sed -i '1s/one/other/' ~pi/.bashrc");
        Result job = as(launch("", "ours"));

        assertThat(job.exitStatus()).as(job.stderr()).isEqualTo(75);
        assertThat(job.stderr()).contains("'ours' has different contents on ");
        lab.node(2).sh("sed -i '1s/other/one/' ~pi/.bashrc");
        assertThat(succeeds(launch("", "ours")).stdout()).isEqualTo("one\none\n");
        lab.nodes().subList(1, 3).forEach(node -> node.sh("mv ~pi/.bashrc.old ~pi/.bashrc"));
    }

    private static String waitingShell(NodeContainer node) {
        return node.sh("pgrep -u pi -fx sh").strip();
    }

    private static void noShellWaits(NodeContainer node) {
        node.sh("for i in $(seq 300); do pgrep -u pi -fx sh >/dev/null || exit 0; sleep 0.1; done; exit 1");
    }

    private static String standby() {
        String status = succeeds(SCIABC + "session status --json").stdout();
        return status.contains("\"standby\"")
                ? status.replaceAll(".*\"standby\":\\{\"process\":(\\d+).*\\s*", "$1")
                : "";
    }

    private static Stream<String> javas() {
        return as("pgrep -x java").stdout().lines();
    }

    /** As the shell's pattern; there is at most one. */
    private static String folder() {
        return "~/.cache/sciabc/start" + ManagerContainer.DISTRIBUTION + "/@*/*/standby-*";
    }

    private static void nobodySleeps() {
        nobodyRuns("sleep");
    }

    private static void nobodyRuns(String program) {
        for (NodeContainer node : lab.nodes().subList(1, 3)) {
            node.sh("for i in $(seq 300); do pgrep -u pi -x " + program
                    + " >/dev/null || exit 0; sleep 0.1; done; exit 1");
        }
    }

    private static void until(String condition) {
        succeeds("for i in $(seq 300); do if " + condition + "; then exit 0; fi; sleep 0.1; done; exit 1");
    }

    private static String launch(String options, String job) {
        return SCIABC + "launch --hostfile nodes.txt " + options + " -- " + job;
    }

    /** The record of the last job. */
    private static String jobsShow() {
        return words(SCIABC) + "jobs show $(ls ~/.local/state/sciabc/default/jobs | sort -n | tail -n 1)";
    }

    /** Among other words. */
    private static String words(String command) {
        return command.substring("exec ".length());
    }

    private static RunningCommand start(String script) {
        return lab.node(1).start(command(script));
    }

    private static Result succeeds(String script) {
        return as(script).succeeded();
    }

    private static Result as(String script) {
        return lab.node(1).run(command(script));
    }

    private static Command command(String script) {
        return Command.script("cd ~ && " + script)
                .as(USER)
                .with("HOME", "/home/" + USER)
                .with("TERM", "xterm");
    }
}
