// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;

/** What only a real sshd does. */
class OpenSshTest {
    @TempDir
    private Path folder;

    private ManagerSide manager;

    @BeforeEach
    void makeManager() throws Exception {
        manager = new ManagerSide(folder);
    }

    @Test
    void commandsFilesAndStatusWork() throws Exception {
        try (OpenSshNode sshd = start();
                NodeConnection connection = connect(sshd)) {
            assertThat(ManagerSide.run(connection, "echo out; echo err >&2; exit 3"))
                    .isEqualTo(new ManagerSide.Result(new ExitStatus(3), "out\n", "err\n"));
            byte[] content = new byte[3_000_000];
            new Random(3).nextBytes(content);
            connection.upload(
                    new ByteArrayInputStream(content), folder.resolve("file").toString(), 0640);
            assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(content);
            assertThat(ManagerSide.run(connection, "cat '" + folder.resolve("file") + "' | wc -c")
                            .out()
                            .strip())
                    .isEqualTo("3000000");
        }
    }

    @Test
    void nothingStaysOfAFileWhoseSenderIsGone() throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        String target = files.resolve("file").toString();
        try (OpenSshNode sshd = start();
                Relay cable = Relay.to(sshd.node().port())) {
            NodeConnection connection = manager.ssh().connect(manager.request(cable.node(), OpenSshNode.user()));
            Thread sender = new Thread(() -> {
                try {
                    connection.upload(new HalfOfAFile(1_000_000), target, 0644);
                } catch (SciabcException | InterruptedException expected) {
                    return;
                }
            });
            sender.setDaemon(true);
            sender.start();
            Waiting.until(() -> names(files).stream().anyMatch(name -> name.startsWith(".sciabc-")));
            cable.close();
            Waiting.until(() -> names(files).isEmpty());
            connection.close();
        }
    }

    @Test
    void signalIsAStatusAndTheOutputBeforeItIsComplete() throws Exception {
        try (OpenSshNode sshd = start();
                NodeConnection connection = connect(sshd)) {
            var result = ManagerSide.run(connection, "head -c 300000 /dev/zero; kill -9 $$");
            assertThat(result.status()).isEqualTo(ExitStatus.signalled(9));
            assertThat(result.out()).hasSize(300_000);
        }
    }

    @Test
    void keyExchangeInTheMiddleOfACommandDoesNoHarm() throws Exception {
        try (OpenSshNode sshd = start("RekeyLimit 500K");
                NodeConnection connection = connect(sshd)) {
            assertThat(ManagerSide.run(connection, "head -c 5000000 /dev/zero").out())
                    .hasSize(5_000_000);
        }
    }

    @Test
    void serverWithRoomForFewLoginsTakesThemAllInTheEnd() throws Exception {
        try (OpenSshNode sshd = start("MaxStartups 2:100:2")) {
            ExecutorService threads = Executors.newFixedThreadPool(12);
            try {
                List<Callable<ExitStatus>> all = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    all.add(() -> {
                        try (NodeConnection connection = connect(sshd)) {
                            return ManagerSide.run(connection, "true").status();
                        }
                    });
                }
                for (Future<ExitStatus> future : threads.invokeAll(all)) {
                    assertThat(future.get()).isEqualTo(ExitStatus.OK);
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void serverThatAllowsOneSessionStillEndsCommands() throws Exception {
        assumeFalse(OpenSshNode.user().equals("root"), "sshd passes no signals on to processes of root");
        try (OpenSshNode sshd = start("MaxSessions 1");
                NodeConnection connection = connect(sshd)) {
            Path number = folder.resolve("number");
            Thread thread = new Thread(() -> {
                try {
                    ManagerSide.run(connection, "echo $$ >'" + number + "'; sleep 3600; :");
                } catch (SciabcException | InterruptedException expected) {
                    return;
                }
            });
            thread.start();
            Waiting.until(() -> Files.exists(number) && number.toFile().length() > 1);
            long process = Long.parseLong(Files.readString(number).strip());
            thread.interrupt();
            thread.join(1_500);
            assertThat(thread.isAlive()).isFalse();
            Waiting.until(() ->
                    ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void accountThatMayNotRunCommandsSaysSo() throws Exception {
        try (OpenSshNode sshd = start("ForceCommand echo only this");
                NodeConnection connection = connect(sshd)) {
            assertThatThrownBy(() -> ManagerSide.run(connection, "true"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("the login shell runs no commands: it said 'only this' and ended with status 0");
        }
    }

    private OpenSshNode start(String... configuration) throws Exception {
        return OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey(), configuration);
    }

    private NodeConnection connect(OpenSshNode sshd) throws SciabcException, InterruptedException {
        return manager.ssh().connect(manager.request(sshd.node(), OpenSshNode.user()));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** So many bytes, and then nothing for ever, not even an end. */
    private static final class HalfOfAFile extends InputStream {
        private final CountDownLatch never = new CountDownLatch(1);
        private int left;

        HalfOfAFile(int size) {
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                try {
                    never.await();
                } catch (InterruptedException ended) {
                    throw new InterruptedIOException();
                }
            }
            int read = Math.min(left, length);
            left -= read;
            return read;
        }
    }
}
