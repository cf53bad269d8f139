// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/**
 * What {@link NodeConnection} demands of running commands, as tests; a part of {@link ProvisionerContractTest}, which is what a
 * provisioner's own test extends.
 */
public abstract class CommandContractTest extends ComponentContractTest<Provisioner> {
    static final Duration SOON = Duration.ofSeconds(5);

    /** Longer than any test waits. */
    private static final String FOR_EVER = "echo $$; sleep 3600; echo not reached";

    private static final int MANY_LINES = 40_000;

    CommandContractTest() {}

    /** A connection to the node under test. */
    abstract NodeConnection connect() throws Exception;

    @Test
    final void tellsStandardOutputFromStandardError() throws Exception {
        Ran ran = run("echo to out; echo to err >&2");

        assertThat(ran.streams().out()).isEqualTo("to out\n");
        assertThat(ran.streams().err()).isEqualTo("to err\n");
        assertThat(ran.status()).isEqualTo(ExitStatus.OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 126, 255})
    final void passesTheExitStatusOn(int code) throws Exception {
        assertThat(run("exit " + code).status())
                .as("the exit status is the command's own")
                .isEqualTo(new ExitStatus(code));
    }

    @Test
    final void countsASignalAsAShellDoes() throws Exception {
        assertThat(run("kill -TERM $$; sleep 60").status())
                .as("a command that signal 15 ended has the status 128 + 15")
                .isEqualTo(ExitStatus.signalled(15));
    }

    @Test
    final void deliversAllOutputBeforeItReturns() throws Exception {
        Ran ran = run("i=0; while [ $i -lt " + MANY_LINES + " ]; do echo line $i; echo error $i >&2; i=$((i+1)); done");

        assertThat(ran.streams().out().lines().count())
                .as("lines of standard output that were there when run returned")
                .isEqualTo(MANY_LINES);
        assertThat(ran.streams().err().lines().count())
                .as("lines of standard error that were there when run returned")
                .isEqualTo(MANY_LINES);
        Call.letPass(Duration.ofMillis(200));
        assertThat(ran.streams().violations())
                .as("streams are left alone when run has returned")
                .noneMatch(violation -> violation.contains("after the end"));
    }

    @Test
    final void deliversOutputAsItComes() throws Exception {
        try (NodeConnection connection = connect();
                PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream typed = new PipedInputStream(typing)) {
            RecordingStreams streams = RecordingStreams.withInput(typed);
            Call<ExitStatus> call = Call.begin(
                    () -> connection.run(RemoteCommand.of("echo ready; read word; echo got $word"), streams.streams()));
            streams.awaitOut("ready\n", SOON);
            typing.write("it\n".getBytes(StandardCharsets.UTF_8));
            typing.close();
            requireEnd(call, SOON, "a command that has all it waits for has to end");
            assertThat(call.result()).isEqualTo(ExitStatus.OK);
            assertThat(streams.out()).isEqualTo("ready\ngot it\n");
        }
    }

    @Test
    final void passesInputOnToItsEnd() throws Exception {
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        try (NodeConnection connection = connect()) {
            RecordingStreams streams = RecordingStreams.withInput(bytes);
            ExitStatus status = Call.make(() -> connection.run(RemoteCommand.of("cat"), streams.streams()));
            assertThat(status).isEqualTo(ExitStatus.OK);
            assertThat(Arrays.equals(streams.outBytes(), bytes))
                    .as(
                            "%d bytes of input have to arrive as they are; %d came back",
                            bytes.length, streams.outBytes().length)
                    .isTrue();
        }
    }

    @Test
    final void doesNotWaitForTheEndOfInputThatTheCommandDoesNotRead() throws Exception {
        try (NodeConnection connection = connect();
                PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream typed = new PipedInputStream(typing)) {
            RecordingStreams streams = RecordingStreams.withInput(typed);
            Call<ExitStatus> call = Call.begin(() -> connection.run(RemoteCommand.of("echo done"), streams.streams()));
            requireEnd(call, SOON, "a command whose input has no end has to end with the command");
            assertThat(call.result()).isEqualTo(ExitStatus.OK);
            assertThat(streams.out()).isEqualTo("done\n");
        }
    }

    @Test
    final void givesTheScriptToAPosixShellAsItIs() throws Exception {
        String script = """
                # 'quotes', "more quotes", `backquotes`, $dollars and \\backslashes of a comment do no harm
                word='it'"'"'s ünïcode and a	tab'
                if true; then
                  printf '%s\\n' "$word"
                fi
                cat <<'END'
                $HOME stays
                END
                """;

        assertThat(run(script).streams().out()).isEqualTo("it's ünïcode and a\ttab\n$HOME stays\n");
    }

    @Test
    final void takesALongScript() throws Exception {
        String script = ("# " + "x".repeat(97) + "\n").repeat(10_000) + "echo at the end\n";

        assertThat(run(script).streams().out())
                .as("a script may be up to 1 MiB long")
                .isEqualTo("at the end\n");
    }

    @Test
    final void runsOneCommandAfterAnother() throws Exception {
        try (NodeConnection connection = connect()) {
            for (int i = 1; i <= 3; i++) {
                String word = "number" + i;
                RecordingStreams streams = RecordingStreams.withoutInput();
                Call.make(() -> connection.run(RemoteCommand.of("echo " + word), streams.streams()));
                assertThat(streams.out()).isEqualTo(word + "\n");
            }
        }
    }

    @Test
    final void leavesStreamsOpen() throws Exception {
        assertThat(run("echo to out; echo to err >&2").streams().violations())
                .as("streams are their owner's to close")
                .noneMatch(violation -> violation.contains("closed"));
    }

    @Test
    final void endsTheCommandWhenInterrupted() throws Exception {
        try (NodeConnection connection = connect()) {
            RecordingStreams streams = RecordingStreams.withoutInput();
            Call<ExitStatus> call = Call.begin(() -> connection.run(RemoteCommand.of(FOR_EVER), streams.streams()));
            String process = awaitProcess(streams);
            call.interrupt();
            requireEnd(call, Call.A_SECOND, "an interrupted run has to end within one second");
            assertThatThrownBy(call::result)
                    .as("an interrupted run ends with InterruptedException or with what broke")
                    .isInstanceOfAny(InterruptedException.class, SciabcException.class);
            requireGone(process, "interruption");
        }
    }

    @Test
    final void endsTheCommandWhenItsTimeoutPasses() throws Exception {
        Duration limit = aWhile();
        try (NodeConnection connection = connect()) {
            RecordingStreams streams = RecordingStreams.withoutInput();
            Call<ExitStatus> call =
                    Call.begin(() -> connection.run(RemoteCommand.of(FOR_EVER).within(limit), streams.streams()));
            requireEnd(
                    call, limit.plus(Call.A_SECOND), "a run has to end within one second after its command's timeout");
            assertThatThrownBy(call::result)
                    .as("a command that took too long")
                    .isInstanceOfSatisfying(
                            SciabcException.class,
                            failure -> assertThat(Said.wrongInFailure(failure)).isEmpty());
            requireGone(awaitProcess(streams), "its timeout");
        }
    }

    @Test
    final void endsTheCommandWhenClosed() throws Exception {
        NodeConnection connection = connect();
        RecordingStreams streams = RecordingStreams.withoutInput();
        Call<ExitStatus> call = Call.begin(() -> connection.run(RemoteCommand.of(FOR_EVER), streams.streams()));
        String process = awaitProcess(streams);
        Call<Boolean> closing = Call.begin(() -> {
            connection.close();
            return true;
        });
        requireEnd(closing, SOON, "close has to return");
        requireEnd(call, SOON, "close, from any thread, has to end what is running");
        requireGone(process, "close");
    }

    @Test
    final void runsNothingAfterItWasClosedAndClosesTwice() throws Exception {
        NodeConnection connection = connect();
        connection.close();
        connection.close();

        Refusal.require(
                "running a command after close",
                () -> connection.run(
                        RemoteCommand.of("true"),
                        RecordingStreams.withoutInput().streams()));
    }

    static void requireEnd(Call<?> call, Duration limit, String clause) throws InterruptedException {
        assertThat(call.endsWithin(limit))
                .as("%s, and %s later it has not", clause, Said.seconds(limit))
                .isTrue();
    }

    /** What came of a command. */
    record Ran(ExitStatus status, RecordingStreams streams) {}

    final Ran run(String script) throws Exception {
        try (NodeConnection connection = connect()) {
            return run(connection, script);
        }
    }

    static Ran run(NodeConnection connection, String script) throws Exception {
        RecordingStreams streams = RecordingStreams.withoutInput();
        ExitStatus status = Call.make(() -> connection.run(RemoteCommand.of(script), streams.streams()));
        streams.commandEnded();
        return new Ran(status, streams);
    }

    private static String awaitProcess(RecordingStreams streams) throws Exception {
        streams.awaitOut("\n", SOON);
        return streams.out().strip();
    }

    /** Asks the node itself, over a connection of its own. A process that nobody has waited for yet is gone as well. */
    private void requireGone(String process, String after) throws Exception {
        String script = """
                kill -0 %1$s 2>/dev/null || { echo gone; exit; }
                grep -q '^State:.*Z' /proc/%1$s/status 2>/dev/null && echo gone || echo running
                """.formatted(process);
        try (NodeConnection connection = connect()) {
            Eventually.until(
                    "the end of the remote process after " + after,
                    Call.A_SECOND,
                    () -> run(connection, script).streams().out().equals("gone\n"));
        } catch (AssertionError stillThere) {
            run("kill -9 " + process);
            throw stillThere;
        }
    }
}
