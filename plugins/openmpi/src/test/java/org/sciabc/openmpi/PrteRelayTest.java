// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.ResidentRequest;

@Timeout(30)
@EnabledOnOs(OS.LINUX)
class PrteRelayTest {
    private static final Pattern PORT = Pattern.compile("prte-wm-7@0\\.0;tcp4://127\\.0\\.0\\.1:(\\d+)\nv5\\.0\\.7\n");

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @TempDir
    private Path state;

    private ServerSocket prte;

    @BeforeEach
    void listen() throws IOException {
        prte = new ServerSocket(0, 50, InetAddress.getByAddress(LOOPBACK));
    }

    @AfterEach
    void end() throws IOException {
        prte.close();
    }

    @Test
    void whatIsWrittenOnOneSideIsReadOnTheOther() throws Exception {
        try (PrteRelay relay = relay();
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
    void whatWasWrittenBeforeOneEndsIsReadBeforeTheEnd() throws Exception {
        try (PrteRelay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            write(answering, "over");
            answering.close();

            assertThat(new String(mpirun.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("over");
        }
    }

    @Test
    void severalMayConnect() throws Exception {
        try (PrteRelay relay = relay();
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
    void closedItEndsWhatItPasses() throws Exception {
        try (PrteRelay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            relay.close();

            assertThat(answering.getInputStream().read()).isEqualTo(-1);
            assertThat(mpirun.getInputStream().read()).isEqualTo(-1);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> connect(mpirun.getPort()).close()).isInstanceOf(ConnectException.class));
            assertThat(told(relay)).doesNotExist();
        }
    }

    @Test
    void strangersDoNotDisturbWhoIsConnected() throws Exception {
        try (PrteRelay relay = relay();
                Socket mpirun = connect(relay);
                Socket answering = prte.accept()) {
            for (int stranger = 0; stranger < 20; stranger++) {
                connect(relay).close();
            }
            prte.close();
            try (Socket late = connect(relay)) {
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
            write(mpirun, "go on");
            assertThat(read(answering, 5)).isEqualTo("go on");
        }
    }

    @Test
    void noMoreConnectThanHaveToDoWithIt() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (PrteRelay relay = relay()) {
            for (int time = 0; time < 8; time++) {
                sockets.add(connect(relay));
                sockets.add(prte.accept());
            }
            try (Socket late = connect(relay)) {
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void whereThereIsNoPrteAnyMoreTheConnectionEnds() throws Exception {
        try (PrteRelay relay = relay()) {
            prte.close();
            try (Socket mpirun = connect(relay)) {
                assertThat(mpirun.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void mpirunIsToldOfOneThatEndsWithTheJob() throws Exception {
        FakePrte fake = new FakePrte(state);
        try {
            assertThat(new ResidentPrte().start(new ResidentRequest(fake.request(1, "true"), Duration.ofMinutes(10))))
                    .isPresent();
            fake.launch(fake.request(1, "true"), "");
            String told = Files.readString(fake.programs().resolve("told"));

            assertThat(told).matches("prte-here-\\d+@0\\.0;tcp4://127\\.0\\.0\\.1:\\d{2,5}\n");
            int port = Integer.parseInt(told.strip().substring(told.lastIndexOf(':') + 1));
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> connect(port).close()).isInstanceOf(ConnectException.class));
            assertThat(fake.folder().ofOneJob(port)).doesNotExist();
        } finally {
            fake.end();
        }
    }

    @Test
    void whatPrteSaysHasToBeUnderstood() throws Exception {
        assertThat(PrteRelay.to(saying(""))).isEmpty();
        assertThat(PrteRelay.to(saying("prte-wm-7@0.0;tcp6://[::1]:4711"))).isEmpty();
        assertThat(PrteRelay.to(saying("prte-wm-7@0.0;tcp4://127.0.0.1:99999"))).isEmpty();
    }

    private PrteRelay relay() throws Exception {
        return PrteRelay.to(saying("prte-wm-7@0.0;tcp4://127.0.0.1:" + prte.getLocalPort() + "\nv5.0.7\n"))
                .orElseThrow();
    }

    private PrteFolder saying(String uri) throws Exception {
        PrteFolder folder = PrteFolder.in(state);
        Files.writeString(folder.path().resolve("uri"), uri);
        return folder;
    }

    private static Path told(PrteRelay relay) {
        return Path.of(relay.dvm().substring("file:".length()));
    }

    private Socket connect(PrteRelay relay) throws IOException {
        Matcher uri = PORT.matcher(Files.readString(told(relay)));
        assertThat(uri.matches()).isTrue();
        int port = Integer.parseInt(uri.group(1));
        assertThat(port).isNotEqualTo(prte.getLocalPort());
        return connect(port);
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
