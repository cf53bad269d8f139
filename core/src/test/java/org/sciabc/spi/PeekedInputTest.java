// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Input that is there, that is not there, and that may come. */
@Timeout(60)
class PeekedInputTest {
    private static final Duration SURELY = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(20);

    @Test
    void nothingIsEmpty() throws Exception {
        PeekedInput input = new PeekedInput(InputStream.nullInputStream());

        assertThat(input.isEmpty(SURELY)).isTrue();
        assertThat(input.readAllBytes()).isEmpty();
    }

    @Test
    void whatIsThereIsWhole() throws Exception {
        byte[] text = "a text\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        PeekedInput input = new PeekedInput(new ByteArrayInputStream(text));

        assertThat(input.isEmpty(SURELY)).isFalse();
        assertThat(input.readAllBytes()).isEqualTo(text);
    }

    @Test
    void whatComesLaterIsWholeAsWell() throws Exception {
        try (PipedOutputStream typed = new PipedOutputStream();
                PipedInputStream terminal = new PipedInputStream(typed)) {
            PeekedInput input = new PeekedInput(terminal);
            assertThat(input.isEmpty(SOON)).isFalse();
            typed.write("late".getBytes(StandardCharsets.US_ASCII));
            typed.close();

            assertThat(new String(input.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("late");
        }
    }
}
