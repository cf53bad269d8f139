// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** What nodes do when the manager is gone, without a word. */
class CommandLifeLineTest {
    @TempDir
    private Path folder;

    @Test
    void theWholeFamilyEndsWithTheConnection() throws Exception {
        String family = "sh -c 'sh -c \"echo \\$\\$; sleep 3600; :\"; :' & echo $$; wait";
        assertThat(cutOff(family, 2)).allSatisfy(CommandLifeLineTest::awaitGone);
    }

    @Test
    void whatDoesNotWantToEndsAsWell() throws Exception {
        assertThat(cutOff("trap '' TERM INT; echo $$; while :; do sleep 1; done", 1))
                .allSatisfy(CommandLifeLineTest::awaitGone);
    }

    @Test
    void whatMadeAGroupOfItsOwnEndsAsWell() throws Exception {
        assertThat(cutOff("timeout 3600 sh -c 'echo $$; sleep 3600; :'; :", 1))
                .allSatisfy(CommandLifeLineTest::awaitGone);
    }

    @Test
    void whatDetachedItselfStays() throws Exception {
        List<Long> processes = cutOff(
                "nohup sleep 3600 >/dev/null 2>&1 & echo $!; setsid sleep 3601 >/dev/null 2>&1 & echo $!; echo $$; wait",
                3);
        try {
            awaitGone(processes.get(2));
            awaitNoLifeLine();

            assertThat(processes.subList(0, 2))
                    .allSatisfy(process -> assertThat(isAlive(process)).isTrue());
        } finally {
            processes.forEach(process -> ProcessHandle.of(process).ifPresent(ProcessHandle::destroy));
        }
    }

    @Test
    void inputStatusAndTheConnectionAreAsEver() throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey());
                NodeConnection connection = manager.ssh().connect(manager.request(sshd.node(), OpenSshNode.user()))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            InputStream input = new ByteArrayInputStream("words".getBytes(StandardCharsets.UTF_8));

            ExitStatus status = connection.run(
                    RemoteCommand.of("sleep 2.5; cat; exit 7").endingWithManager(),
                    new CommandStreams(input, out, OutputStream.nullOutputStream()));

            assertThat(status.code()).isEqualTo(7);
            assertThat(out).hasToString("words");
            awaitNoLifeLine();
            assertThat(ManagerSide.run(connection, "echo next").out()).isEqualTo("next\n");
        }
    }

    @Test
    void aServerThatAllowsOneSessionRunsTheCommand() throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey(), "MaxSessions 1");
                NodeConnection connection = manager.ssh().connect(manager.request(sshd.node(), OpenSshNode.user()))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            ExitStatus status = connection.run(
                    RemoteCommand.of("sleep 3; echo done").endingWithManager(),
                    CommandStreams.to(out, OutputStream.nullOutputStream()));

            assertThat(status.isOk()).isTrue();
            assertThat(out).hasToString("done\n");
        }
    }

    @BeforeEach
    void beAlone() {
        assumeTrue(Files.exists(Path.of("/proc/self/fd/1")), "no /proc to look at processes");
        awaitNoLifeLine();
    }

    /** Breaks the connection when the script has said the numbers of its processes and is held; returns the numbers. */
    private List<Long> cutOff(String script, int processes) throws Exception {
        ManagerSide manager = new ManagerSide(folder);
        try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey());
                Relay cable = Relay.to(sshd.node().port())) {
            NodeConnection connection = manager.ssh().connect(manager.request(cable.node(), OpenSshNode.user()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Thread runner = new Thread(() -> {
                try {
                    connection.run(
                            RemoteCommand.of(script).endingWithManager(),
                            CommandStreams.to(out, OutputStream.nullOutputStream()));
                } catch (SciabcException | InterruptedException expected) {
                    return;
                }
            });
            runner.setDaemon(true);
            runner.start();
            Waiting.until(() ->
                    numbers(out).size() == processes && lifeLines().findAny().isPresent());
            cable.close();
            numbers(out).stream().skip(processes - 1).forEach(CommandLifeLineTest::awaitGone);
            connection.close();
            return numbers(out);
        }
    }

    /** Shells that the plugin has started and that speak to nobody. */
    private static Stream<ProcessHandle> lifeLines() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("sh -c echo sciabc-"))
                        .isPresent())
                .filter(process -> Path.of("/dev/null").equals(output(process)));
    }

    private static @Nullable Path output(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/1"));
        } catch (IOException gone) {
            return null;
        }
    }

    private static void awaitNoLifeLine() {
        Waiting.until(() -> lifeLines().findAny().isEmpty());
    }

    private static List<Long> numbers(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).lines().map(Long::valueOf).toList();
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
    }

    private static void awaitGone(long process) {
        Waiting.until(() -> !isAlive(process));
    }
}
