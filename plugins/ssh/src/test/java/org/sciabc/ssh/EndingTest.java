// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** What is ended has to be gone: the shell, its children, and theirs. */
class EndingTest {
    /** A shell with a child that has a child, all of which would take an hour; says their numbers. */
    private static final String FAMILY = "sh -c 'sh -c \"echo \\$\\$; sleep 3600; :\"; :' & echo $$; wait";

    /** When a node that is busy comes to what it was asked. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(2500, TimeUnit.MILLISECONDS);

    @TempDir
    private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void interruptionEndsTheWholeFamilyWithinASecond() throws Exception {
        interruptionEnds(connectToMina(), FAMILY, 2);
    }

    @Test
    void interruptionEndsTheWholeFamilyOfARealServer() throws Exception {
        interruptionEnds(connectToOpenSsh(), FAMILY, 2);
    }

    @Test
    void interruptionEndsWhatIgnoresTheFirstSignal() throws Exception {
        interruptionEnds(connectToOpenSsh(), "trap '' TERM INT HUP; echo $$; while :; do sleep 1; done", 1);
    }

    @Test
    void interruptionEndsWhatMadeAGroupOfItsOwn() throws Exception {
        interruptionEnds(connectToOpenSsh(), "timeout 3600 sh -c 'echo $$; sleep 3600; :'; :", 1);
    }

    /** Its last output has to come through before the server says that it has ended. */
    @Test
    void closingDoesNotWaitForWhatWroteALot() throws Exception {
        NodeConnection connection = connectToMina();
        CountDownLatch begun = new CountDownLatch(1);
        OutputStream out = new OutputStream() {
            @Override
            public void write(int value) {
                begun.countDown();
            }
        };
        Thread runner = runner(connection, "yes", out, new AtomicReference<>());
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        runner.interrupt();
        runner.join(2_200);
        assertThat(CompletableFuture.runAsync(connection::close)).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void timeoutEndsTheFamilyAndTheConnectionStaysUsable() throws Exception {
        NodeConnection connection = connectToMina();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long start = System.nanoTime();
        assertThatThrownBy(() -> connection.run(
                        RemoteCommand.of(FAMILY).within(Duration.ofSeconds(1)),
                        CommandStreams.to(out, OutputStream.nullOutputStream())))
                .isInstanceOf(SciabcException.class)
                .hasMessage("the command took longer than 1s: it was ended");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
        assertThat(numbers(out)).hasSize(2).allSatisfy(EndingTest::awaitGone);
        assertThat(ManagerSide.run(connection, "echo next").out()).isEqualTo("next\n");
    }

    @Test
    void timeoutEndsTheFamilyOnANodeThatTakesItsTime() throws Exception {
        Relay cable = cable();
        NodeConnection connection = connectThrough(cable);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Void> ended =
                runInBackground(connection, RemoteCommand.of(FAMILY).within(Duration.ofSeconds(1)), out);
        awaitNumbers(out, 2);
        cable.pull();
        CompletableFuture<Void> answering = CompletableFuture.runAsync(cable::plugIn, LATER);
        assertThatThrownBy(() -> ended.get(3, TimeUnit.SECONDS)).hasMessageContaining("it was ended");
        connection.close();
        answering.join();
        assertThat(numbers(out)).hasSize(2).allSatisfy(EndingTest::awaitGone);
    }

    @Test
    void interruptionWaitsForASecondAndClosingForTheEnd() throws Exception {
        Relay cable = cable();
        NodeConnection connection = connectThrough(cable);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = runner(connection, FAMILY, out, thrown);
        awaitNumbers(out, 2);
        cable.pull();
        CompletableFuture<Void> answering = CompletableFuture.runAsync(cable::plugIn, LATER);
        runner.interrupt();
        runner.join(2_200);
        assertThat(runner.isAlive()).isFalse();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(answering).isNotCompleted();
        connection.close();
        answering.join();
        assertThat(numbers(out)).hasSize(2).allSatisfy(EndingTest::awaitGone);
    }

    @Test
    void closingFromAnotherThreadEndsTheCommand() throws Exception {
        NodeConnection connection = connectToMina();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Void> ended = runInBackground(connection, RemoteCommand.of(FAMILY), out);
        awaitNumbers(out, 2);
        connection.close();
        assertThatThrownBy(() -> ended.get(2, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(numbers(out)).hasSize(2).allSatisfy(EndingTest::awaitGone);
    }

    private void interruptionEnds(NodeConnection connection, String script, int processes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = runner(connection, script, out, thrown);
        awaitNumbers(out, processes);
        runner.interrupt();
        runner.join(2_200);
        assertThat(runner.isAlive()).isFalse();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(numbers(out)).hasSize(processes).allSatisfy(EndingTest::awaitGone);
    }

    private static Thread runner(
            NodeConnection connection, String script, OutputStream out, AtomicReference<Throwable> thrown) {
        Thread runner = new Thread(() -> {
            try {
                connection.run(RemoteCommand.of(script), CommandStreams.to(out, OutputStream.nullOutputStream()));
            } catch (SciabcException | InterruptedException failure) {
                thrown.set(failure);
            }
        });
        runner.start();
        return runner;
    }

    private CompletableFuture<Void> runInBackground(
            NodeConnection connection, RemoteCommand command, OutputStream out) {
        return CompletableFuture.runAsync(() -> {
            try {
                connection.run(command, CommandStreams.to(out, OutputStream.nullOutputStream()));
            } catch (SciabcException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    private MinaNode mina() throws Exception {
        MinaNode mina = MinaNode.in(folder.resolve("home"))
                .withPassword("pi", "raspberry")
                .start();
        opened.add(mina);
        return mina;
    }

    private Relay cable() throws Exception {
        Relay cable = Relay.to(mina().node().port());
        opened.add(cable);
        return cable;
    }

    private NodeConnection connectThrough(Relay cable) throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        NodeConnection connection = manager.ssh().connect(manager.request(cable.node(), "pi", "raspberry"));
        opened.add(connection);
        return connection;
    }

    private NodeConnection connectToMina() throws Exception {
        MinaNode mina = mina();
        ManagerSide manager = new ManagerSide(folder);
        NodeConnection connection = manager.ssh().connect(manager.request(mina.node(), "pi", "raspberry"));
        opened.add(connection);
        return connection;
    }

    private NodeConnection connectToOpenSsh() throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey());
        opened.add(sshd);
        NodeConnection connection = manager.ssh().connect(manager.request(sshd.node(), OpenSshNode.user()));
        opened.add(connection);
        return connection;
    }

    private static void awaitNumbers(ByteArrayOutputStream out, int count) {
        Waiting.until(() -> numbers(out).size() >= count);
    }

    private static List<Long> numbers(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).lines().map(Long::valueOf).toList();
    }

    private static void awaitGone(long process) {
        Waiting.until(
                () -> ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
    }
}
