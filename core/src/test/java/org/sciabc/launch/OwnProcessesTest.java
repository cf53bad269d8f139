// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.SciabcException;

@Timeout(60)
class OwnProcessesTest {
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    private final OwnProcesses processes = new OwnProcesses(PATH, Duration.ofMillis(500));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void inputOutputErrorsVariablesAndStatusArePassedOn() throws Exception {
        ExitStatus status = processes.run(
                List.of("sh", "-c", "cat; echo \"$WORD\" >&2; exit 7"),
                Map.of("WORD", "oops"),
                new CommandStreams(new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)), out, err));

        assertThat(status.code()).isEqualTo(7);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("oops\n");
    }

    @Test
    void aSignalThatEndedTheProgramIsCountedAsAShellDoes() throws Exception {
        assertThat(processes.run(List.of("sh", "-c", "kill -KILL $$"), Map.of(), CommandStreams.to(out, err)))
                .isEqualTo(ExitStatus.signalled(9));
    }

    @Test
    void aMegabyteArrivesWhole() throws Exception {
        processes.run(List.of("head", "-c", "1048576", "/dev/zero"), Map.of(), CommandStreams.to(out, err));

        assertThat(out.size()).isEqualTo(1 << 20);
    }

    @Test
    void whatAProgramLeavesBehindIsNotWaitedForWhereThatIsWanted() throws Exception {
        ExitStatus status = processes
                .waitingForOutput(Duration.ofMillis(500))
                .run(
                        List.of("sh", "-c", "echo done; sleep 100000 & echo $! >&2"),
                        Map.of(),
                        CommandStreams.to(out, err));

        assertThat(status.isOk()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
        long left = Long.parseLong(err.toString(StandardCharsets.UTF_8).strip());
        assertThat(ProcessHandle.of(left)).hasValueSatisfying(sleeping -> {
            assertThat(sleeping.isAlive()).isTrue();
            sleeping.destroy();
        });
    }

    @Test
    void aReaderThatLeftDoesNotBlockTheProgram() throws Exception {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("the reader left");
            }
        };

        assertThat(processes
                        .run(List.of("head", "-c", "1048576", "/dev/zero"), Map.of(), CommandStreams.to(broken, err))
                        .isOk())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/program", "no-such-program", "/etc"})
    void aProgramThatIsMissingIsNamedAndNoStatusIsMadeUp(String program) {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> processes.run(List.of(program), Map.of(), CommandStreams.to(out, err)))
                .withMessage("cannot start '" + program + "': it is missing or not executable");
    }

    @Test
    void interruptionEndsTheProgramOfItsOwnThreadAlone(@TempDir Path folder) throws Exception {
        Path go = folder.resolve("go");
        List<String> waits = List.of("sh", "-c", "while ! [ -e \"$GO\" ]; do sleep 0.05; done; pwd");
        FutureTask<ExitStatus> other =
                new FutureTask<>(() -> processes.run(waits, Map.of("GO", go.toString()), CommandStreams.to(out, err)));
        FutureTask<ExitStatus> interrupted = new FutureTask<>(
                () -> processes.run(List.of("sleep", "100000"), Map.of(), CommandStreams.to(err, err)));
        new Thread(other).start();
        Thread thread = new Thread(interrupted);
        thread.start();
        thread.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> interrupted.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(other.isDone()).isFalse();
        Files.createFile(go);
        assertThat(other.get(30, TimeUnit.SECONDS).isOk()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Path.of("").toRealPath() + "\n");
    }

    @Test
    void interruptionEndsTheProgramAndItsChildrenEvenIfTheyIgnoreBeingAsked() throws Exception {
        BlockingQueue<Long> children = new LinkedBlockingQueue<>();
        OutputStream hearing = new ByteArrayOutputStream() {
            @Override
            public synchronized void flush() {
                children.add(Long.parseLong(toString(StandardCharsets.UTF_8).strip()));
            }
        };
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        Thread runner = new Thread(() -> {
            try {
                processes.run(
                        List.of("sh", "-c", "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"),
                        Map.of(),
                        CommandStreams.to(hearing, err));
                ends.add("ended by itself");
            } catch (InterruptedException asked) {
                ends.add("interrupted");
            } catch (SciabcException failed) {
                ends.add(failed.what());
            }
        });
        runner.start();
        Long child = children.poll(20, TimeUnit.SECONDS);

        runner.interrupt();

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(child).isNotNull();
        ProcessHandle.of(child).ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void whatIsAskedToEndAndHasToWriteFirstIsNotHeldUpByAReaderWhoDoesNotRead(@TempDir Path folder) throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                full.countDown();
                try {
                    never.await();
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            }
        };
        Path cleaned = folder.resolve("cleaned");
        // A shell hears of a signal when the command that it waits for has ended.
        List<String> command = List.of(
                "sh",
                "-c",
                "trap 'echo >\"$1\"; exit' TERM; head -c 1000000 /dev/zero; sleep 100000",
                "sh",
                cleaned.toString());
        FutureTask<ExitStatus> run = new FutureTask<>(() ->
                new OwnProcesses(PATH, Duration.ofSeconds(20)).run(command, Map.of(), CommandStreams.to(stuck, err)));
        Thread runner = new Thread(run);
        runner.start();
        full.await();

        runner.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(run::get)
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(cleaned).exists();
        never.countDown();
    }

    @Test
    void whatDoesNotReadItsInputIsEndedAtOnceTogetherWithItsChildren() throws Exception {
        BlockingQueue<Thread> given = new LinkedBlockingQueue<>();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                given.add(Thread.currentThread());
                return length;
            }
        };
        FutureTask<ExitStatus> run = new FutureTask<>(() ->
                processes.run(List.of("sh", "-c", "sleep 40; true"), Map.of(), new CommandStreams(endless, out, err)));
        Thread runner = new Thread(run);
        runner.setDaemon(true);
        runner.start();
        // The first fills the pipe.
        given.take();
        awaitWriting(given.take());

        runner.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> run.get(20, TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
    }

    /** Until the thread is in a write to a pipe. */
    private static void awaitWriting(Thread thread) throws InterruptedException {
        while (Stream.of(thread.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("writeBytes"))) {
            Thread.onSpinWait();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
