// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** Addresses at which nobody answers, or something else does. */
class ReachingTest {
    @TempDir
    private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ManagerSide manager;

    @BeforeEach
    void makeManager() throws Exception {
        manager = new ManagerSide(folder);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void closedPortIsUnreachableAtOnce() throws Exception {
        Node node = at(closedPort(), "127.0.0.1");
        expect(node, Duration.ofSeconds(5), Kind.UNREACHABLE, "not reachable: 127.0.0.1 port \\d+: connection refused");
    }

    @Test
    void serverThatSaysNothingIsSilentWhenTimeIsUp() throws Exception {
        Node node = at(server(socket -> {}), "127.0.0.1");
        long start = System.nanoTime();
        expect(
                node,
                Duration.ofSeconds(1),
                Kind.SILENT,
                "no SSH server answered: 127.0.0.1 port \\d+: accepted the connection and said nothing for 1 s");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
    }

    @Test
    void serverThatStopsInTheKeyExchangeIsSilentWhenTimeIsUp() throws Exception {
        Node node = at(server(socket -> say(socket, "SSH-2.0-half\r\n")), "127.0.0.1");
        expect(
                node,
                Duration.ofSeconds(1),
                Kind.SILENT,
                "no SSH server answered: 127.0.0.1 port \\d+: the key exchange did not come to an end in 1 s");
    }

    @Test
    void serverThatIsNotSshIsNotUnderstood() throws Exception {
        Node node = at(
                server(socket -> {
                    say(socket, "HTTP/1.1 400 Bad Request\r\n\u001b[31mServer: x\r\n\r\n");
                    socket.close();
                }),
                "127.0.0.1");
        expect(
                node,
                Duration.ofSeconds(5),
                Kind.NOT_UNDERSTOOD,
                "no SSH server answered: 127.0.0.1 port \\d+: hung up after saying 'HTTP/1.1 400 Bad Request\\[31mServer: x'");
    }

    @Test
    void serverThatNeverStopsTalkingIsNotUnderstood() throws Exception {
        Node node = at(
                server(socket -> {
                    for (int i = 0; i < 100_000; i++) {
                        say(socket, "blah blah ");
                    }
                }),
                "127.0.0.1");
        expect(node, Duration.ofSeconds(5), Kind.NOT_UNDERSTOOD, "no SSH server answered: .*: it said 'blah blah .*'");
    }

    @Test
    void serverOfTheFirstProtocolIsNotUnderstood() throws Exception {
        Node node = at(server(socket -> say(socket, "SSH-1.5-old\r\n")), "127.0.0.1");
        expect(node, Duration.ofSeconds(5), Kind.NOT_UNDERSTOOD, "no SSH server answered: .*: it said 'SSH-1.5-old'");
    }

    @Test
    void serverThatSendsGarbageAfterItsNameIsNotUnderstood() throws Exception {
        Node node = at(server(socket -> say(socket, "SSH-2.0-odd\r\n" + "garbage".repeat(100))), "127.0.0.1");
        expect(node, Duration.ofSeconds(5), Kind.NOT_UNDERSTOOD, "no common language with the SSH server: .*");
    }

    /** More often than one that hangs up and does not say why. */
    @ParameterizedTest
    @ValueSource(strings = {"Exceeded MaxStartups", "Not allowed at this time"})
    void serverThatHangsUpForNowIsTriedAgain(String said) throws Exception {
        MinaNode mina = mina();
        Relay relay = Relay.to(mina.port());
        opened.add(relay);
        AtomicInteger connections = new AtomicInteger();
        int port = server(socket -> {
            if (connections.incrementAndGet() < 6) {
                say(socket, said + "\r\n");
                socket.close();
            } else {
                relay.connect(socket);
            }
        });
        manager.ssh()
                .connect(manager.request(at(port, "127.0.0.1"), "pi", "raspberry"))
                .close();
        assertThat(connections.get()).isEqualTo(6);
    }

    @Test
    void serverThatAlwaysHangsUpIsGivenUp() throws Exception {
        Node node = at(server(Socket::close), "127.0.0.1");
        expect(node, Duration.ofSeconds(10), Kind.SILENT, "no SSH server answered: .*: hung up without a word");
    }

    @Test
    void nextAddressIsTriedWhenTheFirstOneIsDead() throws Exception {
        MinaNode mina = mina();
        // Addresses for documentation (RFC 5737) lead nowhere, as do those of a network that was left.
        Node node = at(mina.port(), "127.0.0.9", "127.0.0.1");
        manager.ssh().connect(manager.request(node, "pi", "raspberry")).close();
    }

    @Test
    void nextAddressIsTriedWhenTheFirstOneIsSilent() throws Exception {
        MinaNode mina = mina();
        silent("127.0.0.9", mina.port());
        long start = System.nanoTime();
        manager.ssh()
                .connect(manager.request(at(mina.port(), "127.0.0.9", "127.0.0.1"), "pi", "raspberry"))
                .close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void allAddressesAreNamedWhenAllFail() throws Exception {
        int port = server(socket -> {});
        Node node = at(port, "127.0.0.9", "127.0.0.1");
        expect(
                node,
                Duration.ofSeconds(1),
                Kind.SILENT,
                "no SSH server answered: 127.0.0.9 port \\d+: connection refused;"
                        + " 127.0.0.1 port \\d+: accepted the connection and said nothing for 1 s");
    }

    @Test
    void nodeWithoutAnAddressIsRefused() throws Exception {
        assertThatThrownBy(() -> manager.ssh().connect(manager.request(Node.of("none", List.of()), "pi")))
                .isInstanceOf(SciabcException.class)
                .hasMessage("not reachable: the node has no address");
    }

    @Test
    void interruptionIsObeyedWhileNobodyAnswers() throws Exception {
        interruptionIsObeyed(at(server(socket -> {}), "127.0.0.1"));
    }

    @Test
    void interruptionIsObeyedInTheKeyExchange() throws Exception {
        interruptionIsObeyed(at(server(socket -> say(socket, "SSH-2.0-half\r\n")), "127.0.0.1"));
    }

    private void interruptionIsObeyed(Node node) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                manager.ssh().connect(manager.request(node, "pi"));
            } catch (SciabcException | InterruptedException failure) {
                thrown.set(failure);
            }
        });
        thread.start();
        Waiting.until(
                () -> thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        thread.join(10_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private void expect(Node node, Duration timeout, Kind kind, String message) throws SciabcException {
        var request = ManagerSide.within(manager.request(node, "pi"), timeout);
        assertThatThrownBy(() -> manager.ssh().connect(request))
                .isInstanceOfSatisfying(ConnectException.class, failure -> {
                    assertThat(failure).hasMessageMatching(message);
                    assertThat(failure.kind()).isEqualTo(kind);
                });
    }

    private MinaNode mina() throws IOException {
        MinaNode mina = MinaNode.in(folder.resolve("home"))
                .withPassword("pi", "raspberry")
                .start();
        opened.add(mina);
        return mina;
    }

    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    /** A server that does this with each connection; says its port. */
    private int server(Talk talk) throws IOException {
        return server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), talk);
    }

    private void silent(String address, int port) throws IOException {
        server(new ServerSocket(port, 50, InetAddress.getByName(address)), socket -> {});
    }

    private int server(ServerSocket server, Talk talk) {
        opened.add(server);
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    opened.add(socket);
                    talk.with(socket);
                } catch (IOException over) {
                    // The client went away, or the test is over.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Node at(int port, String... addresses) throws IOException {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return Node.of("node", all).withPort(port);
    }
}
