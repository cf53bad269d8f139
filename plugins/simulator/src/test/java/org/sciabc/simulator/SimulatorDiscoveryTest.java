// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend.Feature;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.WatchRequest;

final class SimulatorDiscoveryTest {
    private static final String ME = System.getProperty("user.name", "");

    @TempDir
    private Path state;

    private final String address = Classroom.freshAddress();

    private Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("address", address, "port", "2300", "nodes", "3"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @Nested
    final class Announcing {
        @Test
        void everyNodeAnswersAtAnAddressOfItsOwn() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings());
                    SshUser user = new SshUser()) {
                assertThat(classroom.nodes())
                        .extracting(node -> node.addresses().get(0))
                        .doesNotHaveDuplicates();
                for (Node node : classroom.nodes()) {
                    try (ClientSession session = user.withPassword(node, ME, classroom.password())) {
                        assertThat(SshUser.run(session, "echo $SCIABC_NODE").out())
                                .isEqualTo(node.name() + "\n");
                    }
                }
            }
        }

        @Test
        void nodesSayWhatAPersonWouldAsk() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings("cores", "2"))) {
                Node second = classroom.node(2);
                assertThat(second.name()).isEqualTo("node2");
                assertThat(second.user()).contains(ME);
                assertThat(second.cluster()).contains("lab");
                assertThat(second.port()).isEqualTo(2300);
                assertThat(second.hardware().cores()).hasValue(2);
                assertThat(second.hostKey()).get().asString().startsWith("SHA256:");
                assertThat(classroom.nodes())
                        .extracting(Node::id)
                        .doesNotHaveDuplicates()
                        .doesNotContain(Optional.empty());
            }
        }

        @Test
        void toldIsWhereTheNodesAreAndHowToLogIn() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings("silent", "node3"))) {
                InetAddress third = classroom.node(3).addresses().get(0);
                assertThat(classroom.announcement().told())
                        .startsWith("node1=" + address + " port 2300")
                        .contains("node3=" + third.getHostAddress() + " port 2300 silent")
                        .endsWith(
                                "user=" + ME,
                                "password-file=" + classroom.runFolder().resolve("password"));
            }
        }

        @Test
        void whatIsSecretIsForItsOwnerOnly() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                classroom.runFolder().resolve("password"))))
                        .isEqualTo("rw-------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(classroom.runFolder())))
                        .isEqualTo("rwx------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(classroom.home(1))))
                        .isEqualTo("rwx------");
                assertThat(classroom.password()).hasSize(20);
            }
        }

        @Test
        void passwordOfAFileIsUsed() throws Exception {
            Path file = Files.writeString(state.resolve("class-password"), "raspberry\nnot this\n");
            try (Classroom classroom = Classroom.open(state, settings("password-file", file.toString()));
                    SshUser user = new SshUser()) {
                user.withPassword(classroom.node(1), ME, "raspberry").close();
                assertThat(classroom.announcement().told()).contains("password-file=" + file);
            }
        }

        @Test
        void takenPortIsPassedOver() throws Exception {
            try (ServerSocket other = new ServerSocket()) {
                other.bind(new InetSocketAddress(address, 2300));
                try (Classroom classroom = Classroom.open(state, settings())) {
                    assertThat(classroom.nodes()).extracting(Node::port).containsExactly(2301, 2300, 2300);
                }
            }
        }

        @Test
        void twoClassesAtTheSameAddressesDoNotDisturbEachOther(@TempDir Path otherState) throws Exception {
            try (Classroom first = Classroom.open(state, settings());
                    Classroom second = Classroom.open(otherState, settings())) {
                assertThat(first.nodes()).extracting(Node::port).containsOnly(2300);
                assertThat(second.nodes()).extracting(Node::port).containsOnly(2301);
            }
        }

        @Test
        void nodesShareTheOneAddressWhereThereAreNoOthers() throws Exception {
            Surroundings here = Surroundings.ofThisProcess();
            SimulatorDiscovery elsewhere =
                    new SimulatorDiscovery(new Surroundings(here.user(), here.environment(), here.random(), false));
            try (Classroom classroom = Classroom.open(elsewhere, state, settings());
                    SshUser user = new SshUser()) {
                assertThat(classroom.nodes())
                        .extracting(node -> node.addresses().get(0).getHostAddress())
                        .containsOnly("127.0.0.1");
                assertThat(classroom.nodes()).extracting(Node::port).doesNotHaveDuplicates();
                Node third = classroom.node(3);
                try (ClientSession session = user.withPassword(third, ME, classroom.password())) {
                    assertThat(SshUser.run(session, "echo $SCIABC_NODE").out()).isEqualTo("node3\n");
                }
            }
        }

        @Test
        void filesAreTransferredByTheSystemsOwnProgram() throws Exception {
            Path program = Files.writeString(state.resolve("sftp-server"), "#!/bin/sh\npwd\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            Surroundings here = Surroundings.ofThisProcess();
            SimulatorDiscovery simulator = new SimulatorDiscovery(
                    new Surroundings(here.user(), Map.of("PATH", state.toString()), here.random(), true));
            try (Classroom classroom = Classroom.open(simulator, state, settings());
                    SshUser user = new SshUser();
                    ClientSession session = user.withPassword(classroom.node(1), ME, classroom.password());
                    ChannelSubsystem channel = session.createSubsystemChannel("sftp")) {
                channel.open().verify(SshUser.PATIENCE);
                assertThat(new String(channel.getInvertedOut().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(classroom.home(1).toRealPath() + "\n");
            }
        }

        @Test
        void silentNodeAcceptsAndSaysNothing() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings("silent", "node2"));
                    Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(classroom.node(2).addresses().get(0), 2300), 1_000);
                socket.setSoTimeout(300);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void allNodesMayBeSilent() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings("nodes", "1", "silent", "node1"))) {
                assertThat(classroom.nodes()).hasSize(1);
            }
        }

        @Test
        void slowNodeTakesItsTime() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings("delay", "400ms"));
                    SshUser user = new SshUser();
                    ClientSession session = user.withPassword(classroom.node(1), ME, classroom.password())) {
                long start = System.nanoTime();
                assertThat(SshUser.run(session, "cat", "given before it began").out())
                        .isEqualTo("given before it began");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
            }
        }
    }

    @Nested
    final class Closing {
        @Test
        void nothingIsLeft() throws Exception {
            Classroom classroom = Classroom.open(state, settings());
            try (classroom;
                    SshUser user = new SshUser();
                    ClientSession session = user.withPassword(classroom.node(1), ME, classroom.password())) {
                SshUser.run(session, "mkdir -p a/b && touch a/b/c && ln -s / a/root && chmod 500 a/b");
                SshUser.run(
                        session,
                        "setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 </dev/null &");
                assertThat(new MarkedProcesses(classroom.runId()).find()).isNotEmpty();
            }
            assertThat(new MarkedProcesses(classroom.runId()).find()).isEmpty();
            assertThat(state).isEmptyDirectory();
            assertThat(classroom.notices()).isEmpty();
            assertThatThrownBy(() -> new Socket(address, 2300)).isInstanceOf(IOException.class);
        }

        @Test
        void threadsHaveEndedWithinASecond() throws Exception {
            try (Classroom classroom = Classroom.open(state, settings());
                    SshUser user = new SshUser();
                    ClientSession session = user.withPassword(classroom.node(1), ME, classroom.password())) {
                SshUser.run(session, "true");
            }
            Waiting.until(
                    "no thread of the simulator is left",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .noneMatch(name -> name.startsWith("simulated-node") || name.contains("Listener[")));
        }

        @Test
        void secondTimeDoesNothing() throws Exception {
            Announcement announcement = Classroom.open(state, settings()).announcement();
            announcement.close();
            announcement.close();
            assertThat(state).isEmptyDirectory();
        }

        @Test
        void interruptedStartLeavesNothing() {
            SimulatorDiscovery simulator = new SimulatorDiscovery();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> simulator.announce(Classroom.request(simulator, state, settings())))
                    .isInstanceOf(InterruptedException.class);
            assertThat(state).isEmptyDirectory();
        }

        @Test
        void interruptedThreadStillLeavesNothing() throws Exception {
            Classroom classroom = Classroom.open(state, settings());
            Thread.currentThread().interrupt();
            classroom.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(state).isEmptyDirectory();
        }
    }

    @Nested
    final class Refusing {
        private final SimulatorDiscovery simulator = new SimulatorDiscovery();

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "nodes    | 0             | it takes 1 to 1000",
                    "nodes    | 1001          | it takes 1 to 1000",
                    "port     | 65536         | it takes 1 to 65535",
                    "cores    | 0             | it takes 1 to 65536",
                    "address  | 10.0.0.1      | it takes an address between 127.0.0.1 and 127.255.255.254",
                    "address  | 127.0.0.0/8   | it takes an address between 127.0.0.1 and 127.255.255.254",
                    "address  | localhost     | it takes an address between 127.0.0.1 and 127.255.255.254",
                    "address  | 127.255.255.254 | with room for all nodes",
                    "silent   | node4         | the nodes are node1 to node3",
                })
        void settingThatMakesNoSenseIsNamed(String key, String value, String why) {
            assertThatThrownBy(() -> simulator.announce(Classroom.request(simulator, state, settings(key, value))))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageStartingWith("setting 'simulator." + key + "' cannot be '" + value + "': ")
                    .hasMessageContaining(why);
            assertThat(state).isEmptyDirectory();
        }

        @Test
        void missingPasswordFileIsNamed() {
            assertThatThrownBy(() -> simulator.announce(
                            Classroom.request(simulator, state, settings("password-file", "/no/such/file"))))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("cannot simulate nodes: there is no password in the first line of /no/such/file");
            assertThat(state).isEmptyDirectory();
        }

        @Test
        void accountThatNoLoginWouldTakeIsNamed() {
            SimulatorDiscovery strange =
                    new SimulatorDiscovery(new Surroundings("DOMAIN\\person", Map.of(), new Random(1), true));
            assertThatThrownBy(() -> strange.announce(Classroom.request(strange, state, settings())))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("the name of this account cannot be used for SSH: 'DOMAIN\\person'");
        }

        @Test
        void folderThatCannotBeMadeIsNamed() throws Exception {
            Path file = Files.writeString(state.resolve("simulator"), "in the way");
            assertThatThrownBy(() -> simulator.announce(Classroom.request(simulator, state, settings())))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("the folder " + file)
                    .hasMessageContaining("cannot be made");
        }

        @Test
        void networksCannotBeChosen() throws Exception {
            LocalInterface loopback = new LocalInterface("lo", List.of(), true, false);
            AnnounceRequest plain = Classroom.request(simulator, state, settings());
            assertThat(simulator.supports(Feature.INTERFACES)).isFalse();
            assertThatThrownBy(() -> simulator.announce(new AnnounceRequest(
                            plain.self(), plain.settings(), List.of(loopback), state, plain.notices())))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("the simulator cannot use lo: simulated nodes are on this machine only");
            assertThatThrownBy(() -> simulator.watch(
                            new WatchRequest(
                                    "lab", plain.settings(), List.of(loopback), state, Optional.of(Duration.ZERO)),
                            new Sightings()))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageStartingWith("the simulator cannot use lo");
        }
    }
}
