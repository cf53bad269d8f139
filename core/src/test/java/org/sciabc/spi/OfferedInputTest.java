// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The input of a job whose first process comes for it, or does not. */
@Timeout(60)
class OfferedInputTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final byte[] LONG = new byte[10_000_000];

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private ServerSocket door;
    private Socket process;

    @BeforeEach
    void connect() throws Exception {
        Arrays.fill(LONG, (byte) 'x');
        door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        process = new Socket(door.getInetAddress(), door.getLocalPort());
    }

    @AfterEach
    void close() throws Exception {
        process.close();
        door.close();
    }

    @Test
    void theProcessGetsAllOfItAndMpirunNothing() throws Exception {
        try (OfferedInput input = offered(new ByteArrayInputStream(LONG), FOR_EVER)) {
            giveTo(input, door.accept());
            assertThat(process.getInputStream().readNBytes(4)).isEqualTo(ascii("yes\n"));
            process.getOutputStream().write(ascii("ok\n"));

            assertThat(process.getInputStream().readAllBytes()).isEqualTo(LONG);
            input.close();
            assertThat(input.read()).isNegative();
            assertThat(err.size()).isZero();
        }
    }

    @Test
    void mpirunGetsItWhereNobodyComes() throws Exception {
        try (OfferedInput input = offered(new ByteArrayInputStream(LONG), AT_ONCE)) {
            assertThat(input.readAllBytes()).isEqualTo(LONG);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("warning: the first process has not come for its input");
        }
    }

    @Test
    void nobodyLooksAgainAndAgainWhetherTheProcessStillHasIt() throws Exception {
        try (OfferedInput input = offered(new ByteArrayInputStream(LONG), AT_ONCE)) {
            giveTo(input, door.accept());
            assertThat(process.getInputStream().readNBytes(4)).isEqualTo(ascii("yes\n"));
            Thread reader = new Thread(() -> assertThat(read(input)).isNegative());
            reader.start();

            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (reader.getState() != Thread.State.WAITING && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            assertThat(reader.getState()).isEqualTo(Thread.State.WAITING);
            input.close();
            reader.join();
        }
    }

    @Test
    void whoComesTooLateHearsThatItIsGone() throws Exception {
        try (OfferedInput input = offered(new ByteArrayInputStream(LONG), AT_ONCE)) {
            assertThat(input.read()).isEqualTo('x');
            giveTo(input, door.accept());

            assertThat(process.getInputStream().read()).isNegative();
        }
    }

    @Test
    void mpirunGetsItWhereTheProcessHasNotHeardOfIt() throws Exception {
        try (OfferedInput input = offered(new ByteArrayInputStream(LONG), AT_ONCE)) {
            giveTo(input, door.accept());
            assertThat(process.getInputStream().readNBytes(4)).isEqualTo(ascii("yes\n"));
            process.close();

            assertThat(input.readAllBytes()).isEqualTo(LONG);
        }
    }

    @Test
    void nobodyWaitsForItWhenTheJobIsOver() throws Exception {
        OfferedInput input = offered(InputStream.nullInputStream(), FOR_EVER);
        Thread reader = new Thread(() -> assertThat(read(input)).isNegative());
        reader.start();
        input.close();

        reader.join();
        assertThat(read(input)).isNegative();
    }

    private static void giveTo(OfferedInput input, Socket taker) {
        Thread thread = new Thread(() -> input.giveTo(taker));
        thread.setDaemon(true);
        thread.start();
    }

    private OfferedInput offered(InputStream from, Duration patience) {
        return new OfferedInput(new CommandStreams(from, OutputStream.nullOutputStream(), err), patience);
    }

    private static int read(InputStream input) {
        try {
            return input.read();
        } catch (java.io.IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
