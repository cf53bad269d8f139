// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.NodeProbe.Reply.ACCEPTED;
import static org.sciabc.roster.NodeProbe.Reply.ANSWERED;
import static org.sciabc.roster.NodeProbe.Reply.ANSWERED_COUNTING;
import static org.sciabc.roster.NodeProbe.Reply.FAILED;
import static org.sciabc.roster.NodeProbe.Reply.REFUSED;
import static org.sciabc.roster.NodeProbe.Reply.TURNED_AWAY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.SciabcException;

@Timeout(20)
final class SshProbeTest {
    private final BlockingQueue<NodeProbe.Reply> replies = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private SshProbe probe;

    @BeforeEach
    void open() throws IOException, SciabcException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        probe = SshProbe.open();
    }

    @AfterEach
    void close() throws IOException {
        probe.close();
        server.close();
    }

    @Test
    void aBannerIsAnAnswer() throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            say(client, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
            assertThat(next()).isEqualTo(ACCEPTED);
            assertThat(next()).isEqualTo(ANSWERED);
            assertThat(client.getInputStream().read()).as("the probe hangs up").isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.8",
                "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4",
                "SSH-2.0-OpenSSH_for_Windows_9.8",
            })
    void aServerThatCountsVisitsIsKnownByItsBanner(String banner) throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            say(client, banner + "\r\n");
            assertThat(next()).isEqualTo(ACCEPTED);
            assertThat(next()).isEqualTo(ANSWERED_COUNTING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSH-2.0-OpenSSH_9.7", "SSH-2.0-OpenSSH_8.10", "SSH-2.0-dropbear_2022.83", "SSH-2.0-OpenSSH_"})
    void othersCountNobody(String banner) throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            say(client, banner + "\r\n");
            assertThat(next()).isEqualTo(ACCEPTED);
            assertThat(next()).isEqualTo(ANSWERED);
        }
    }

    @Test
    void aServerThatHasHadEnoughIsToldApart() throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            say(client, "Not allowed at this time\r\n");
            assertThat(next()).isEqualTo(ACCEPTED);
            assertThat(next()).isEqualTo(TURNED_AWAY);
        }
    }

    @Test
    void silenceIsNoAnswer() throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            assertThat(next()).isEqualTo(ACCEPTED);
            assertThat(replies.poll(100, TimeUnit.MILLISECONDS)).isNull();
            assertThat(client.isClosed()).isFalse();
        }
        assertThat(next()).as("once the server hangs up").isEqualTo(FAILED);
    }

    @Test
    void aMachineWhereNobodyListensRefuses() throws Exception {
        Endpoint closed = endpoint();
        server.close();
        probe.attempt(closed, replies::add);
        assertThat(next()).isEqualTo(REFUSED);
    }

    @Test
    void anAttemptThatIsGivenUpHangsUp() throws Exception {
        NodeProbe.Attempt attempt = probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            assertThat(next()).isEqualTo(ACCEPTED);
            attempt.cancel();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(replies).isEmpty();
        }
    }

    @Test
    void closingHangsUpEverywhere() throws Exception {
        probe.attempt(endpoint(), replies::add);
        try (Socket client = server.accept()) {
            assertThat(next()).isEqualTo(ACCEPTED);
            probe.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Endpoint endpoint() {
        return new Endpoint(server.getInetAddress(), server.getLocalPort());
    }

    private NodeProbe.Reply next() throws InterruptedException {
        NodeProbe.Reply reply = replies.poll(10, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        return reply;
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
