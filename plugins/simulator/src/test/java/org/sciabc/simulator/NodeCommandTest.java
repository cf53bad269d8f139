// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
final class NodeCommandTest {
    private static final String ME = System.getProperty("user.name", "");
    private static final int MANY_BYTES = 20_000_000;

    private final SshUser user = new SshUser();
    private Classroom classroom;
    private ClientSession session;

    @BeforeAll
    void open(@TempDir Path state) throws Exception {
        classroom = Classroom.open(state, Map.of("address", Classroom.freshAddress(), "port", "2300", "nodes", "2"));
    }

    @BeforeEach
    void connect() throws Exception {
        session = user.withPassword(classroom.node(2), ME, classroom.password());
    }

    @AfterEach
    void disconnect() throws Exception {
        session.close();
    }

    @AfterAll
    void close() {
        classroom.close();
        user.close();
    }

    @Test
    void outputErrorsAndStatusComeBackApart() throws Exception {
        assertThat(SshUser.run(session, "echo out; echo err >&2; exit 7"))
                .isEqualTo(new SshUser.Answer("out\n", "err\n", 7));
    }

    @Test
    void statusOfACommandThatASignalEndedIsTheOneOfAShell() throws Exception {
        assertThat(SshUser.run(session, "kill -9 $$").status()).isEqualTo(137);
    }

    @Test
    void commandThatDoesNotExistHasTheShellsStatus() throws Exception {
        SshUser.Answer answer = SshUser.run(session, "no-such-program");
        assertThat(answer.status()).isEqualTo(127);
        assertThat(answer.err()).contains("no-such-program");
    }

    @Test
    void commandReadsItsInputToTheEnd() throws Exception {
        assertThat(SshUser.run(session, "cat; echo end", "line\n").out()).isEqualTo("line\nend\n");
    }

    @Test
    void inputThatNobodyReadsKeepsNobodyWaiting() throws Exception {
        assertThat(SshUser.run(session, "exec <&-; sleep 0.2; echo done", "x".repeat(MANY_BYTES))
                        .out())
                .isEqualTo("done\n");
    }

    @Test
    void manyBytesComeBackComplete() throws Exception {
        assertThat(SshUser.run(
                        session, "head -c " + MANY_BYTES + " /dev/zero; head -c " + MANY_BYTES + " /dev/zero >&2"))
                .satisfies(answer -> assertThat(answer.out()).hasSize(MANY_BYTES))
                .satisfies(answer -> assertThat(answer.err()).hasSize(MANY_BYTES));
    }

    @Test
    void manyBytesArriveComplete() throws Exception {
        assertThat(SshUser.run(session, "wc -c", "x".repeat(MANY_BYTES)).out().strip())
                .isEqualTo(Integer.toString(MANY_BYTES));
    }

    @Test
    void commandFindsItselfInTheHomeFolderOfItsNode() throws Exception {
        assertThat(SshUser.run(session, "pwd -P; echo $HOME $SCIABC_NODE $USER $LOGNAME")
                        .out())
                .isEqualTo(
                        classroom.home(2).toRealPath() + "\n" + classroom.home(2) + " node2 " + ME + " " + ME + "\n");
    }

    @Test
    void commandKeepsItsTemporaryFilesOnItsNode() throws Exception {
        assertThat(SshUser.run(session, "mktemp -u").out()).startsWith(classroom.home(2) + "/tmp/");
    }

    @Test
    void onlyTheLanguageIsTakenOverFromTheClient() throws Exception {
        try (ChannelExec channel = session.createExecChannel("env", null, Map.of("LC_TIME", "C", "LD_PRELOAD", "x"))) {
            InputStream out = reading(channel);
            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("LC_TIME=C")
                    .doesNotContain("LD_PRELOAD");
        }
    }

    @Test
    void manyCommandsRunAtOnce() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Callable<SshUser.Answer>> commands = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String text = Integer.toString(i);
                commands.add(() -> SshUser.run(session, "sleep 0.2; echo " + text));
            }
            List<String> answers = new ArrayList<>();
            for (Future<SshUser.Answer> answer : threads.invokeAll(commands)) {
                answers.add(answer.get().out().strip());
            }
            assertThat(answers).hasSize(30).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void signalReachesTheCommandAndWhatItStarted() throws Exception {
        // The child says when it is there: a signal that comes while it is being started is lost.
        String command = "trap 'echo caught; exit 3' USR1; sh -c 'echo $$; exec sleep 600' & wait";
        try (ChannelExec channel = session.createExecChannel(command)) {
            InputStream out = reading(channel);
            long child = Long.parseLong(line(out));
            signal(channel, "USR1");
            assertThat(line(out)).isEqualTo("caught");
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SshUser.PATIENCE);
            assertThat(channel.getExitStatus()).isEqualTo(3);
            Waiting.until("the end of " + child, () -> ProcessHandle.of(child).isEmpty());
        }
        assertNothingRuns();
    }

    @Test
    void killEndsACommandThatIgnoresEverythingElse() throws Exception {
        try (ChannelExec channel = session.createExecChannel("trap '' TERM HUP INT; echo $$; sleep 600; sleep 600")) {
            InputStream out = reading(channel);
            line(out);
            signal(channel, "KILL");
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SshUser.PATIENCE);
            assertThat(channel.getExitStatus()).isEqualTo(137);
        }
        assertNothingRuns();
    }

    @Test
    void closingAChannelEndsItsCommandWithAllThatItStarted() throws Exception {
        String stubborn = "trap '' TERM HUP; (sleep 600 &) ; sleep 600 & echo ready; sleep 600; sleep 600";
        try (ChannelExec channel = session.createExecChannel(stubborn)) {
            line(reading(channel));
            hangUp(channel);
            assertNothingRuns();
        }
        assertThat(SshUser.run(session, "echo still here").out()).isEqualTo("still here\n");
    }

    @Test
    void closingAChannelEndsWhatStillHoldsItsOutputAfterTheCommandItself() throws Exception {
        try (ChannelExec channel = session.createExecChannel("sleep 600 & echo $$")) {
            long shell = Long.parseLong(line(reading(channel)));
            Waiting.until("the end of the shell", () -> ProcessHandle.of(shell).isEmpty());
            hangUp(channel);
            assertNothingRuns();
        }
    }

    @Test
    void hangingUpEndsTheCommands() throws Exception {
        ChannelExec channel = session.createExecChannel("echo ready; sleep 600");
        line(reading(channel));
        session.close(true);
        assertNothingRuns();
    }

    @Test
    void daemonOutlivesTheCommandThatStartedIt() throws Exception {
        String pid = SshUser.run(session, "sleep 600 >/dev/null 2>&1 </dev/null & echo $!")
                .out()
                .strip();
        Optional<ProcessHandle> daemon = ProcessHandle.of(Long.parseLong(pid));
        assertThat(daemon).isPresent();
        assertThat(daemon.get().isAlive()).isTrue();
        daemon.get().destroyForcibly();
        assertNothingRuns();
    }

    @Test
    void shellWithoutACommandReadsThemFromItsInput() throws Exception {
        try (var channel = session.createShellChannel()) {
            channel.setUsePty(false);
            var out = new ByteArrayOutputStream();
            channel.setOut(out);
            channel.setIn(new ByteArrayInputStream("echo $SCIABC_NODE\nexit 4\n".getBytes(StandardCharsets.UTF_8)));
            channel.open().verify(SshUser.PATIENCE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SshUser.PATIENCE);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("node2\n");
            assertThat(channel.getExitStatus()).isEqualTo(4);
        }
    }

    private void assertNothingRuns() throws Exception {
        MarkedProcesses marked = new MarkedProcesses(classroom.runId());
        Waiting.until("nothing runs", () -> marked.find().isEmpty());
    }

    /** RFC 4254, section 6.9. MINA's client does not offer it. */
    private void signal(ChannelExec channel, String name) throws Exception {
        Buffer request = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        request.putUInt(channel.getRecipient());
        request.putString("signal");
        request.putBoolean(false);
        request.putString(name);
        channel.writePacket(request).verify(SshUser.PATIENCE);
    }

    /** RFC 4254, section 5.3. Closing a channel of MINA's client waits for the command's end instead. */
    private void hangUp(ChannelExec channel) throws Exception {
        Buffer close = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_CLOSE);
        close.putUInt(channel.getRecipient());
        channel.writePacket(close).verify(SshUser.PATIENCE);
    }

    private static InputStream reading(ChannelExec channel) throws Exception {
        channel.open().verify(SshUser.PATIENCE);
        return channel.getInvertedOut();
    }

    private static String line(InputStream in) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new AssertionError("output ended after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
