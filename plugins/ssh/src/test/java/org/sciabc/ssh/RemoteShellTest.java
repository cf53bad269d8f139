// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

class RemoteShellTest {
    @TempDir
    private Path folder;

    @Nested
    class ConfigurationTest {
        private ManagerSide manager;

        @BeforeEach
        void makeManager() throws Exception {
            manager = new ManagerSide(folder);
            Path client = Files.writeString(
                    Files.createDirectories(folder.resolve("bin")).resolve("ssh"), "#!/bin/sh\n");
            Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwxr-xr-x"));
            manager.environment.put("PATH", "relative:/nowhere:" + client.getParent());
            manager.clusterKey();
        }

        @Test
        void everyNodeHasItsUserPortAndAddress() throws Exception {
            manager.with("keep-open", "0s");
            RemoteShell shell =
                    shell(manager, ready("node1", "10.0.3.1", 22, "pi"), ready("node2", "10.0.3.2", 2222, "alice"));
            assertThat(shell.command())
                    .containsExactly("ssh", "-F", configuration().toString());
            assertThat(shell.apart())
                    .startsWith("/bin/sh", script().toString())
                    .endsWith("ssh", "-F", configuration().toString())
                    .hasSize(5);
            assertThat(Files.readString(configuration()))
                    .contains("""
                            Host 10.0.3.1 node1
                              HostName 10.0.3.1
                              Port 22
                              User pi
                              HostKeyAlias 10.0.3.1
                            Host 10.0.3.2 node2
                              HostName 10.0.3.2
                              Port 2222
                              User alice
                              HostKeyAlias [10.0.3.2]:2222
                            Host *
                              IdentityFile "%s/id_ed25519"
                              IdentitiesOnly yes
                              UserKnownHostsFile "%s/known_hosts"
                            """.formatted(manager.state, manager.state))
                    .contains("  BatchMode yes\n", "  StrictHostKeyChecking yes\n", "  LogLevel ERROR\n")
                    .contains("  KexAlgorithms curve25519-sha256,")
                    .doesNotContain("Control");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(configuration())))
                    .isEqualTo("rw-------");
        }

        @Test
        void connectionsStayOpenForAWhileUnlessTheLaunchIsCold() throws Exception {
            shell(manager, ready("node1", "10.0.3.1", 22, "pi"));
            assertThat(Files.readString(configuration()))
                    .contains("  ControlMaster auto\n  ControlPersist 600\n", "  ControlPath ");
            RemoteShell cold = cold(manager, nobody());
            Path own = Path.of(cold.command().get(2));
            assertThat(own).isNotEqualTo(configuration());
            assertThat(Files.readString(own)).contains("  ControlMaster auto\n  ControlPersist 10\n");
            assertThat(sockets(own)).isNotEmpty().doesNotContainAnyElementsOf(sockets(configuration()));
        }

        @Test
        void aColdLaunchGoesThroughRelaysToThoseThatTakeAConnection() throws Exception {
            try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ReadyNode node = ready("node1", "127.0.0.1", there.getLocalPort(), "pi");
                String text = Files.readString(
                        Path.of(cold(manager, node, nobody()).command().get(2)));

                assertThat(text)
                        .contains("Host 127.0.0.1 node1\n  HostName 127.0.0.1\n  Port ")
                        .doesNotContain("  Port " + there.getLocalPort() + "\n")
                        .contains("  HostKeyAlias [127.0.0.1]:" + there.getLocalPort() + "\n")
                        .contains("  HostName 127.0.0.2\n  Port 1\n");
                there.setSoTimeout(10_000);
                there.accept().close();

                // Once more with what is there: no second connection that nobody would log in through.
                SshProvisioner ssh = manager.ssh();
                RemoteShellRequest request =
                        new RemoteShellRequest(List.of(node), manager.settings(), manager.state, true);
                String first = Files.readString(
                        Path.of(ssh.remoteShell(request).command().get(2)));
                there.accept().close();
                assertThat(Files.readString(
                                Path.of(ssh.remoteShell(request).command().get(2))))
                        .isEqualTo(first);
                there.setSoTimeout(200);
                assertThatThrownBy(there::accept).isInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void itSaysWhetherItsConnectionsStayOpen() throws Exception {
            ReadyNode node = ready("node1", "10.0.3.1", 22, "pi");

            assertThat(shell(manager, node).staysOpen()).isTrue();
            assertThat(cold(manager, nobody()).staysOpen()).isFalse();
            assertThat(shell(manager.with("keep-open", "0s"), node).staysOpen()).isFalse();
        }

        @Test
        void configurationOfAProcessThatHasEndedIsRemoved() throws Exception {
            Process over = new ProcessBuilder("true").start();
            over.waitFor();
            Path left = Files.writeString(manager.state.resolve("ssh_config_of_" + over.pid()), "");
            cold(manager, nobody());
            assertThat(left).doesNotExist();
        }

        @Test
        void anotherLaunchKeepsWhatItDoesNotKnowBetter() throws Exception {
            shell(manager, ready("node1", "10.0.3.1", 22, "pi"), ready("node2", "10.0.3.2", 22, "pi"));
            shell(manager, ready("node2", "10.0.3.9", 22, "alice"), ready("node3", "10.0.3.3", 22, "pi"));
            assertThat(Files.readString(configuration()).lines().filter(line -> line.startsWith("Host ")))
                    .containsExactly("Host 10.0.3.9 node2", "Host 10.0.3.3 node3", "Host 10.0.3.1 node1", "Host *");
        }

        @Test
        void nodeCannotTakeTheAddressOfAnotherOneForItsName() throws Exception {
            shell(manager, ready("10.0.3.2", "10.0.3.66", 22, "pi"), ready("node2", "10.0.3.2", 22, "pi"));
            assertThat(Files.readString(configuration()).lines().filter(line -> line.startsWith("Host ")))
                    .containsExactly("Host 10.0.3.66", "Host 10.0.3.2 node2", "Host *");
        }

        @Test
        void nodesOfOneNameGoByTheirAddresses() throws Exception {
            shell(manager, ready("raspberrypi", "10.0.3.1", 22, "pi"), ready("raspberrypi", "10.0.3.2", 22, "pi"));
            assertThat(Files.readString(configuration()).lines().filter(line -> line.startsWith("Host ")))
                    .containsExactly("Host 10.0.3.1", "Host 10.0.3.2", "Host *");
        }

        @Test
        void twoNodesAtOneAddressAreRefused() {
            assertThatThrownBy(() -> shell(
                            manager, ready("node1", "10.0.3.1", 2201, "pi"), ready("node2", "10.0.3.1", 2202, "pi")))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("two nodes have the address 10.0.3.1: a launcher knows nodes by their address alone");
        }

        @Test
        void scopedAddressIsNotTakenForAPlaceholder() throws Exception {
            byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
            InetAddress address = java.net.Inet6Address.getByAddress("", linkLocal, 1);
            shell(manager, new ReadyNode(Node.of("node1", List.of(address)), address, "pi", 1));
            assertThat(Files.readString(configuration()))
                    .contains("Host " + address.getHostAddress() + " node1\n")
                    .contains("  HostName " + address.getHostAddress().replace("%", "%%") + "\n");
        }

        @Test
        void nodeIsLookedUpByItsIdentityWhenThatIsKnown() throws Exception {
            Node node =
                    Node.of("node1", List.of(InetAddress.getByName("10.0.3.1"))).withId(new NodeId("abcdefgh"));
            new KnownHosts(manager.state, manager.userFolder)
                    .remember(node, new Endpoint(node.addresses().get(0), 22), HostKeys.A);
            InetAddress today = InetAddress.getByName("10.0.3.77");
            shell(manager, new ReadyNode(node.withAddresses(List.of(today)), today, "pi", 1));
            assertThat(Files.readString(configuration())).contains("  HostKeyAlias sciabc-abcdefgh\n");
        }

        @Test
        void withoutAClientItSaysWhatToInstall() {
            manager.environment.put("PATH", "/nowhere");
            assertThatThrownBy(() -> shell(manager, ready("node1", "10.0.3.1", 22, "pi")))
                    .isInstanceOfSatisfying(SciabcException.class, failure -> {
                        assertThat(failure.what()).isEqualTo("no ssh on this machine");
                        assertThat(failure.hint()).get().asString().contains("openssh-client");
                    });
        }

        @Test
        void pathThatSshCannotReadIsRefused() throws Exception {
            ManagerSide awkward = new ManagerSide(folder.resolve("a\"b"));
            awkward.environment.putAll(manager.environment);
            assertThatThrownBy(() -> shell(awkward, ready("node1", "10.0.3.1", 22, "pi")))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageStartingWith("cannot write a configuration for ssh");
        }

        private List<String> sockets(Path file) throws IOException {
            return Files.readString(file)
                    .lines()
                    .filter(line -> line.startsWith("  ControlPath "))
                    .toList();
        }

        private Path script() {
            return manager.state.resolve("ssh_apart");
        }

        private Path configuration() {
            return manager.state.resolve("ssh_config");
        }
    }

    @Nested
    class ClientTest {
        @Test
        void clientRunsAProgramOnTheNode() throws Exception {
            runsAProgram(new ManagerSide(folder));
        }

        @Test
        void pathsWithSpacesAndPercentSignsDoNoHarm() throws Exception {
            ManagerSide manager = new ManagerSide(Files.createDirectories(folder.resolve("my 100%h cluster")));
            manager.environment.put(
                    "XDG_RUNTIME_DIR",
                    Files.createDirectories(folder.resolve("r")).toString());
            RemoteShell shell = runsAProgram(manager);
            assertThat(shell.command()).noneMatch(part -> part.contains(" "));
            assertThat(shell.apart()).noneMatch(part -> part.contains(" "));
        }

        @Test
        void unknownHostKeyIsRefusedWithoutAQuestion() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder));
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                Run run = run(shell(manager, ready(sshd)), "127.0.0.1", "true");
                assertThat(run.status()).isEqualTo(255);
                assertThat(run.output()).contains("Host key verification failed");
            }
        }

        @Test
        void connectionStaysOpenForTheNextLaunchWhenAskedTo() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder)).with("keep-open", "1m");
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                manager.ssh()
                        .connect(manager.request(sshd.node(), OpenSshNode.user()))
                        .close();
                RemoteShell shell = shell(manager, ready(sshd));
                assertThat(run(shell, "127.0.0.1", "echo here").output()).isEqualTo("here\n");
                assertThat(run(shell, "-O", "check", "127.0.0.1").output()).contains("Master running");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(manager.state.resolve("ssh"))))
                        .isEqualTo("rwx------");
                assertThat(run(shell, "-O", "exit", "127.0.0.1").status()).isZero();
            }
        }

        @Test
        void whatAColdLaunchOpenedIsClosedAtItsEnd() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder));
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                manager.ssh()
                        .connect(manager.request(sshd.node(), OpenSshNode.user()))
                        .close();
                RemoteShell shell = cold(manager, ready(sshd));
                run(shell, "127.0.0.1", "true");
                assertThat(run(shell, "-O", "check", "127.0.0.1").output()).contains("Master running");
                assertThat(open(manager)).isEmpty();
                manager.ssh().openConnections().orElseThrow().closeOwn(standing(manager));
                assertThat(run(shell, "-O", "check", "127.0.0.1").status()).isEqualTo(255);
                assertThat(Path.of(shell.command().get(2))).doesNotExist();
                assertThat(manager.state.resolve("ssh")).isEmptyDirectory();
            }
        }

        @Test
        void whatIsOpenIsListedAndClosed() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder)).with("keep-open", "1m");
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                manager.ssh()
                        .connect(manager.request(sshd.node(), OpenSshNode.user()))
                        .close();
                RemoteShell shell = shell(manager, ready(sshd));
                assertThat(open(manager)).isEmpty();
                run(shell, "127.0.0.1", "true");
                assertThat(open(manager)).singleElement().satisfies(connection -> {
                    assertThat(connection.name()).isEqualTo("openssh");
                    assertThat(connection.port()).isEqualTo(sshd.node().port());
                    assertThat(connection.idle()).hasMinutes(1);
                });
                OpenConnections connections = manager.ssh().openConnections().orElseThrow();
                assertThat(connections.close(standing(manager), Set.of(InetAddress.getByName("10.0.3.1"))))
                        .isZero();
                assertThat(connections.close(standing(manager), Set.of())).isOne();
                assertThat(open(manager)).isEmpty();
                assertThat(manager.state.resolve("ssh")).isEmptyDirectory();
                assertThat(connections.close(standing(manager), Set.of())).isZero();
            }
        }

        @Test
        void whatADeadOneLeftIsRemoved() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder)).with("keep-open", "1m");
            shell(manager, ready("node1", "127.0.0.9", 22, "pi"), ready("node2", "127.0.0.8", 22, "pi"));
            List<String> sockets = Files.readAllLines(manager.state.resolve("ssh_config")).stream()
                    .filter(line -> line.contains("ControlPath"))
                    .map(line -> line.strip().split(" ", -1)[1])
                    .toList();
            try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                silent.bind(UnixDomainSocketAddress.of(sockets.get(0)));
                ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                dead.bind(UnixDomainSocketAddress.of(sockets.get(1)));
                dead.close();

                assertThat(open(manager)).isEmpty();
                assertThat(manager.state.resolve("ssh")).isEmptyDirectory();
            }
        }

        private List<OpenConnection> open(ManagerSide manager) throws Exception {
            return manager.ssh().openConnections().orElseThrow().list(standing(manager));
        }

        private StandingRequest standing(ManagerSide manager) throws SciabcException {
            LocalProcesses none = (command, environment, streams) -> {
                throw new SciabcException("cannot start " + command.get(0), "this test starts nothing", "");
            };
            return new StandingRequest(manager.settings(), manager.state, none);
        }

        @Test
        void socketThatNobodyListensAtDoesNoHarm() throws Exception {
            ManagerSide manager = usual(new ManagerSide(folder)).with("keep-open", "1m");
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                manager.ssh()
                        .connect(manager.request(sshd.node(), OpenSshNode.user()))
                        .close();
                RemoteShell shell = shell(manager, ready(sshd));
                run(shell, "127.0.0.1", "true");
                String check = run(shell, "-O", "check", "127.0.0.1").output();
                long master = Long.parseLong(check.replaceAll("(?s).*pid=(\\d+).*", "$1"));
                ProcessHandle.of(master).orElseThrow().destroyForcibly();
                Waiting.until(() ->
                        ProcessHandle.of(master).filter(ProcessHandle::isAlive).isEmpty());
                assertThat(run(shell, "127.0.0.1", "echo again").output()).isEqualTo("again\n");
                run(shell, "-O", "exit", "127.0.0.1");
            }
        }

        private RemoteShell runsAProgram(ManagerSide manager) throws Exception {
            usual(manager);
            try (OpenSshNode sshd = OpenSshNode.start(folder.resolve("sshd"), manager.clusterKey())) {
                manager.ssh()
                        .connect(manager.request(sshd.node(), OpenSshNode.user()))
                        .close();
                RemoteShell shell = shell(manager, ready(sshd));
                assertThat(run(shell, "127.0.0.1", "echo $((6 * 7)); exit 3")).isEqualTo(new Run(3, "42\n"));
                assertThat(run(shell, "openssh", "true").status()).isZero();
                assertThat(run(new RemoteShell(shell.apart()), "127.0.0.1", "echo apart; exit 4"))
                        .isEqualTo(new Run(4, "apart\n"));
                return shell;
            }
        }
    }

    private static ManagerSide usual(ManagerSide manager) {
        manager.environment.putIfAbsent("XDG_RUNTIME_DIR", "/nowhere");
        manager.environment.put("PATH", System.getenv("PATH"));
        return manager;
    }

    private static RemoteShell shell(ManagerSide manager, ReadyNode... nodes) throws SciabcException {
        return manager.ssh().remoteShell(new RemoteShellRequest(List.of(nodes), manager.settings(), manager.state));
    }

    /** On this machine, where nobody listens: a cold launch connects to its nodes at once. */
    private static ReadyNode nobody() throws IOException {
        return ready("nobody", "127.0.0.2", 1, "pi");
    }

    private static RemoteShell cold(ManagerSide manager, ReadyNode... nodes) throws SciabcException {
        return manager.ssh()
                .remoteShell(new RemoteShellRequest(List.of(nodes), manager.settings(), manager.state, true));
    }

    private static ReadyNode ready(String name, String address, int port, String user) throws IOException {
        InetAddress at = InetAddress.getByName(address);
        return new ReadyNode(Node.of(name, List.of(at)).withPort(port), at, user, 1);
    }

    private static ReadyNode ready(OpenSshNode sshd) {
        return new ReadyNode(sshd.node(), sshd.node().addresses().get(0), OpenSshNode.user(), 1);
    }

    private record Run(int status, String output) {}

    private static Run run(RemoteShell shell, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(shell.command());
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile("remote-shell", ".txt");
        try {
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
