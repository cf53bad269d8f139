// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A command that has been started on a machine of a lab, and may still run. */
final class RunningCommand implements AutoCloseable {

    /**
     * Notes the process id, which the engine knows only in its own numbering, and becomes the command. The engine cannot
     * pass on the end of standard input, so the length of the input is told beforehand.
     */
    private static final String PIPED = "echo $$ >\"$0\"; n=$1; shift; exec \"$@\" < <(head -c \"$n\")";

    private static final String ON_TERMINAL = "echo $$ >\"$0\"; shift; exec \"$@\"";

    /** For a process to end that has been killed. */
    private static final Duration ENDING = Duration.ofSeconds(60);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Machine machine;
    private final Command command;
    private final String execution;
    private final String processFile = "/tmp/.command-" + COUNT.incrementAndGet();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private final Streams streams = new Streams(this::letGoOfTheKeyboard);
    private final long startedAt = System.nanoTime();

    private RunningCommand(Machine machine, Command command) {
        this.machine = machine;
        this.command = command;
        byte[] input = command.input().getBytes(UTF_8);
        List<String> words = new ArrayList<>(List.of(
                "bash", "-c", command.terminal() ? ON_TERMINAL : PIPED, processFile, Integer.toString(input.length)));
        words.addAll(command.words());
        execution = Engine.ask(
                "run a command on " + machine.name(),
                engine -> engine.execCreateCmd(machine.id())
                        .withCmd(words.toArray(String[]::new))
                        .withUser(command.user())
                        .withEnv(command.environment().entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .toList())
                        .withAttachStdin(true)
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withTty(command.terminal())
                        .exec()
                        .getId());
        try {
            PipedInputStream typed = new PipedInputStream(keyboard, Math.max(1024, input.length));
            keyboard.write(input);
            keyboard.flush();
            Engine.ask(
                    "start a command on " + machine.name(),
                    engine -> engine.execStartCmd(execution)
                            .withTty(command.terminal())
                            .withStdIn(typed)
                            .exec(streams));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static RunningCommand start(Machine machine, Command command) {
        return new RunningCommand(machine, command);
    }

    String stdout() {
        return streams.stdout();
    }

    String stderr() {
        return streams.stderr();
    }

    /** Returns as soon as it has written the text, to either stream. */
    RunningCommand awaitOutput(String text) {
        boolean written = streams.await(left(), () -> streams.contains(text));
        if (!written) {
            throw new AssertionError("never wrote '" + text + "'\n" + soFar());
        }
        return this;
    }

    /** Returns when it has written something more, or has ended, or that time has passed. */
    void awaitChange(Duration limit) {
        int before = stdout().length() + stderr().length();
        streams.await(limit, () -> stdout().length() + stderr().length() > before);
    }

    /** Types on its terminal; a line ends with {@code \n}. Nobody reads it any more where the command has ended. */
    void type(String keys) {
        if (!command.terminal()) {
            throw new IllegalStateException("it has no terminal to type on: " + command);
        }
        try {
            keyboard.write(keys.getBytes(UTF_8));
            keyboard.flush();
        } catch (IOException cause) {
            if (running()) {
                throw new UncheckedIOException(cause);
            }
        }
    }

    /** The client has a thread for each command that waits for what may be typed, until there can be nothing more. */
    private void letGoOfTheKeyboard() {
        try {
            keyboard.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What Ctrl-C does: an interrupt for it and everything that it started here. */
    void interrupt() {
        if (command.terminal()) {
            type("\u0003");
        } else {
            machine.sh("kill -s INT -- -$(cat " + processFile + ")");
        }
    }

    /** What {@code kill -s SIGNAL PID} does: a signal for this one process. */
    void signal(String signal) {
        machine.sh("kill -s " + signal + " $(cat " + processFile + ")");
    }

    boolean running() {
        return !streams.ended();
    }

    /** Waits for its end; at its limit it is killed, and the test fails. */
    Result await() {
        if (!streams.await(left(), streams::ended)) {
            close();
            throw new AssertionError("still running after " + command.limit().toSeconds() + " s\n" + soFar());
        }
        Duration duration = Duration.ofNanos(streams.endedAt() - startedAt);
        Long status = Engine.ask(
                "say how a command on " + machine.name() + " ended",
                engine -> engine.inspectExecCmd(execution).exec().getExitCodeLong());
        if (status == null) {
            throw new AssertionError("it ended and left no status\n" + soFar());
        }
        return new Result(command, status.intValue(), stdout(), stderr(), duration);
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (running()) {
            // Not as a command that is closed itself: where this machine runs nothing any more, that would have no end.
            RunningCommand killing =
                    start(machine, Command.script("kill -s KILL -- -$(cat " + processFile + ") || true"));
            if (!killing.streams.await(ENDING, killing.streams::ended)) {
                throw new IllegalStateException("it could not be killed\n" + soFar());
            }
        }
    }

    private Duration left() {
        return command.limit().minusNanos(System.nanoTime() - startedAt);
    }

    private String soFar() {
        return command + "\n--- stdout so far\n" + stdout() + "\n--- stderr so far\n" + stderr();
    }

    private static final class Streams extends ResultCallback.Adapter<Frame> {
        private final Runnable atEnd;
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private long endedAt;
        private boolean ended;

        Streams(Runnable atEnd) {
            this.atEnd = atEnd;
        }

        @Override
        public synchronized void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? stderr : stdout).writeBytes(frame.getPayload());
            notifyAll();
        }

        @Override
        public synchronized void onComplete() {
            end();
            super.onComplete();
        }

        @Override
        public synchronized void onError(Throwable problem) {
            end();
            super.onError(problem);
        }

        private synchronized void end() {
            if (!ended) {
                ended = true;
                endedAt = System.nanoTime();
                atEnd.run();
            }
            notifyAll();
        }

        synchronized boolean await(Duration limit, BooleanSupplier condition) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || ended) {
                    return false;
                }
                try {
                    wait(left);
                } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }

        synchronized boolean contains(String text) {
            return stdout().contains(text) || stderr().contains(text);
        }

        synchronized String stdout() {
            return stdout.toString(UTF_8);
        }

        synchronized String stderr() {
            return stderr.toString(UTF_8);
        }

        synchronized boolean ended() {
            return ended;
        }

        synchronized long endedAt() {
            return endedAt;
        }
    }
}
