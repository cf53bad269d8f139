// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
@EnabledOnOs(OS.LINUX)
class RelayTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Duration SOON = Duration.ofSeconds(10);

    private ServerSocket target;

    @BeforeEach
    void listen() throws IOException {
        target = new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK));
    }

    @AfterEach
    void end() throws IOException {
        target.close();
    }

    @Test
    void whatIsWrittenOnOneSideIsReadOnTheOther() throws Exception {
        try (Relay relay = Relay.to(address()).orElseThrow();
                Socket here = connect(relay);
                Socket there = target.accept()) {
            write(here, "ask");
            assertThat(read(there, 3)).isEqualTo("ask");
            write(there, "answer");
            there.close();
            assertThat(new String(here.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("answer");
        }
    }

    @Test
    void itMayConnectBeforeSomebodyComesWhoHasThatConnectionThen() throws Exception {
        try (Relay relay = Relay.ahead(address()).orElseThrow();
                Socket first = target.accept()) {
            assertThat(relay.isConnected(SOON)).isTrue();
            write(first, "welcome");
            try (Socket here = connect(relay)) {
                assertThat(read(here, 7)).isEqualTo("welcome");
            }
            assertThat(first.getInputStream().read()).isEqualTo(-1);

            try (Socket second = connect(relay);
                    Socket there = target.accept()) {
                write(second, "again");
                assertThat(read(there, 5)).isEqualTo("again");
            }
        }
    }

    @Test
    void itSaysWhereNobodyTakesTheConnection() throws Exception {
        target.close();
        try (Relay relay = Relay.ahead(address()).orElseThrow()) {
            assertThat(relay.isConnected(SOON)).isFalse();
            try (Socket here = connect(relay)) {
                assertThat(here.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void closedItEndsAllThatItPassesOn() throws Exception {
        Relay relay = Relay.ahead(address()).orElseThrow();
        try (Socket unused = target.accept()) {
            assertThat(relay.isConnected(SOON)).isTrue();
            int port = relay.port();
            relay.close();

            assertThat(unused.getInputStream().read()).isEqualTo(-1);
            // Whoever was being waited for when it closed may still get in, to be hung up on.
            assertThatThrownBy(() -> {
                        while (true) {
                            connect(port).close();
                        }
                    })
                    .isInstanceOf(ConnectException.class);
        }
    }

    private InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), target.getLocalPort());
    }

    private static Socket connect(Relay relay) throws IOException {
        return connect(relay.port());
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getByAddress(LOOPBACK), port);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
