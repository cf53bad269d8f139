// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.ConnectException;

/** Against OpenSSH's own ssh-agent. */
class AgentTest {
    @TempDir
    private Path folder;

    private MinaNode node;
    private ManagerSide manager;

    @BeforeEach
    void makeNode() throws Exception {
        node = MinaNode.in(folder.resolve("home"));
        manager = new ManagerSide(folder);
    }

    @AfterEach
    void stopNode() throws Exception {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void keyOfTheAgentLogsIn(String type) throws Exception {
        try (RunningAgent agent = new RunningAgent()) {
            Path key = folder.resolve("key");
            Tools.run(List.of(
                    Tools.program("ssh-keygen"), "-q", "-t", type, "-N", "", "-C", "my key", "-f", key.toString()));
            agent.add(key);
            node.withKey(TestKeys.ofLine(Files.readString(folder.resolve("key.pub"))))
                    .start();
            manager.ssh().connect(manager.request(node.node(), "pi")).close();
        }
    }

    @Test
    void keysThatTheServerDoesNotWantAreNamed() throws Exception {
        try (RunningAgent agent = new RunningAgent()) {
            for (int i = 1; i <= 6; i++) {
                Path key = folder.resolve("key" + i);
                Tools.run(List.of(
                        Tools.program("ssh-keygen"),
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-C",
                        "k" + i,
                        "-f",
                        key.toString()));
                agent.add(key);
            }
            node.withPassword("pi", "right").start();
            assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi", "wrong")))
                    .hasMessage(
                            "login as pi refused: tried the agent's key 'k1' (refused), the agent's key 'k2' (refused),"
                                    + " the agent's key 'k3' (refused), the agent's key 'k4' (refused), password (refused),"
                                    + " 2 more keys (too many to try)");
        }
    }

    @Test
    void agentThatIsGoneIsNamed() throws Exception {
        manager.environment.put("SSH_AUTH_SOCK", folder.resolve("gone").toString());
        node.start();
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(node.node(), "pi")))
                .hasMessage("login as pi refused: tried the agent (it does not answer)");
    }

    @Test
    void agentThatNeverAnswersDoesNotOutlastTheTimeout() throws Exception {
        Path path = folder.resolve("a");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(path));
            manager.environment.put("SSH_AUTH_SOCK", path.toString());
            node.withPassword("pi", "right").start();
            var request = ManagerSide.within(manager.request(node.node(), "pi", "right"), Duration.ofSeconds(2));
            long start = System.nanoTime();
            assertThatThrownBy(() -> manager.ssh().connect(request)).isInstanceOf(ConnectException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        }
    }

    /** An ssh-agent of this test. */
    private final class RunningAgent implements AutoCloseable {
        private final Path socket = folder.resolve("agent");
        private final Process process;

        RunningAgent() throws Exception {
            process = new ProcessBuilder(Tools.program("ssh-agent"), "-D", "-a", socket.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Waiting.until(() -> Files.exists(socket));
            manager.environment.put("SSH_AUTH_SOCK", socket.toString());
        }

        void add(Path key) throws Exception {
            ProcessBuilder add = new ProcessBuilder(Tools.program("ssh-add"), "-q", key.toString());
            add.environment().putAll(Map.of("SSH_AUTH_SOCK", socket.toString()));
            assertThat(add.start().waitFor()).isZero();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
