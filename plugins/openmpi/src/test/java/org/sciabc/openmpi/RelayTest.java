// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {
    private static final Pattern PORT = Pattern.compile("prte-wm-7@0\\.0;tcp4://127\\.0\\.0\\.1:(\\d+)\nv5\\.0\\.7\n");

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private ServerSocket prte;

    @BeforeEach
    void listen() throws IOException {
        prte = new ServerSocket(0, 4, InetAddress.getByAddress(LOOPBACK));
    }

    @AfterEach
    void end() throws IOException {
        prte.close();
    }

    @Test
    void whatIsWrittenOnOneSideIsReadOnTheOther() throws IOException {
        try (Relay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            for (int time = 0; time < 3; time++) {
                write(mpirun, "begin");
                assertThat(read(answering, 5)).isEqualTo("begin");
                write(answering, "it runs");
                assertThat(read(mpirun, 7)).isEqualTo("it runs");
            }
        }
    }

    @Test
    void whatWasWrittenBeforeOneEndsIsReadBeforeTheEnd() throws IOException {
        try (Relay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            write(answering, "over");
            answering.close();

            assertThat(new String(mpirun.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("over");
        }
    }

    @Test
    void severalMayConnect() throws IOException {
        try (Relay relay = relay();
                Socket first = connect(relay);
                Socket ofFirst = prte.accept();
                Socket second = connect(relay);
                Socket ofSecond = prte.accept()) {
            write(second, "two");
            write(first, "one");

            assertThat(read(ofFirst, 3)).isEqualTo("one");
            assertThat(read(ofSecond, 3)).isEqualTo("two");
        }
    }

    @Test
    void closedItEndsWhatItPasses() throws IOException {
        try (Relay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            relay.close();

            assertThat(answering.getInputStream().read()).isEqualTo(-1);
            assertThat(mpirun.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> connect(relay)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void whereThereIsNoPrteAnyMoreTheConnectionEnds() throws IOException {
        try (Relay relay = relay()) {
            prte.close();
            try (Socket mpirun = connect(relay)) {
                assertThat(mpirun.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void whatPrteSaysHasToBeUnderstood() {
        assertThat(Relay.to("")).isEmpty();
        assertThat(Relay.to("prte-wm-7@0.0;tcp6://[::1]:4711")).isEmpty();
        assertThat(Relay.to("prte-wm-7@0.0;tcp4://127.0.0.1:99999")).isEmpty();
    }

    private Relay relay() {
        return Relay.to(uri()).orElseThrow();
    }

    private String uri() {
        return "prte-wm-7@0.0;tcp4://127.0.0.1:" + prte.getLocalPort() + "\nv5.0.7\n";
    }

    private Socket connect(Relay relay) throws IOException {
        Matcher uri = PORT.matcher(relay.uri(uri()));
        assertThat(uri.matches()).isTrue();
        int port = Integer.parseInt(uri.group(1));
        assertThat(port).isNotEqualTo(prte.getLocalPort());
        return new Socket(InetAddress.getByAddress(LOOPBACK), port);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
