// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SharedInputTest {
    @Test
    void everyReaderGetsAllOfItAtItsOwnPace() throws IOException {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        try (SharedInput input = new SharedInput(new ByteArrayInputStream(content))) {
            InputStream slow = input.fromStart();
            assertThat(slow.readNBytes(10)).isEqualTo(java.util.Arrays.copyOf(content, 10));
            assertThat(input.fromStart().readAllBytes()).isEqualTo(content);
            assertThat(slow.readAllBytes()).hasSize(content.length - 10);
        }
    }

    @Test
    void whoIsInterruptedTakesItFromNobodyElse() throws IOException {
        byte[] content = new byte[100_000];
        try (SharedInput input = new SharedInput(new ByteArrayInputStream(content))) {
            InputStream other = input.fromStart();
            InputStream interrupted = input.fromStart();
            assertThat(interrupted.readNBytes(10)).hasSize(10);
            Thread.currentThread().interrupt();
            assertThat(interrupted.read()).isZero();
            assertThat(Thread.interrupted()).isTrue();

            assertThat(other.readAllBytes()).hasSize(content.length);
        }
    }

    @Test
    void whatComesIsThereBeforeTheEnd() throws IOException {
        PipedOutputStream typed = new PipedOutputStream();
        try (SharedInput input = new SharedInput(new PipedInputStream(typed))) {
            InputStream reader = input.fromStart();
            typed.write("first".getBytes(UTF_8));
            typed.flush();
            assertThat(reader.readNBytes(5)).isEqualTo("first".getBytes(UTF_8));
            typed.close();
            assertThat(reader.read()).isEqualTo(-1);
        }
    }

    @Test
    void aSourceThatBreaksIsNotMistakenForOneThatEnds() throws IOException {
        InputStream broken = new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("unplugged");
                }
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                target[offset] = (byte) read();
                return 1;
            }
        };
        try (SharedInput input = new SharedInput(broken)) {
            InputStream reader = input.fromStart();

            assertThat(reader.readNBytes(3)).isEqualTo("xxx".getBytes(UTF_8));
            assertThatThrownBy(reader::read).isInstanceOf(IOException.class).hasMessage("unplugged");
        }
    }

    @Test
    void closingWakesAReaderThatWaits() throws Exception {
        SharedInput input = new SharedInput(new PipedInputStream(new PipedOutputStream()));
        InputStream reader = input.fromStart();
        Thread closer = new Thread(input::close);
        closer.start();

        assertThatThrownBy(reader::read).isInstanceOf(IOException.class);
        closer.join();
    }
}
