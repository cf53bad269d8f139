// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptOutputTest {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    @Test
    void whatFitsIsKeptAsItIs() throws Exception {
        assertThat(kept("0123456789", 10)).isEqualTo("0123456789");
    }

    @Test
    void theBeginningIsThereBeforeTheEnd() {
        new KeptOutput(file, 4, 3).write(bytes("012"), 0, 3);

        assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("012");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 26})
    void ofMuchOutputBeginningAndEndAreKept(int pieces) throws Exception {
        assertThat(kept("abcdefghijklmnopqrstuvwxyz", pieces)).isEqualTo("abcdefghij\n[11 bytes are not kept]\nvwxyz");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void whatJustFitsIntoBothHasNoGap(int pieces) throws Exception {
        assertThat(kept("abcdefghijklmno", pieces)).isEqualTo("abcdefghijklmno");
        file.reset();
        assertThat(kept("abcdefghijkl", pieces)).isEqualTo("abcdefghijkl");
    }

    @Test
    void aFullDiskDoesNotEndAJob() {
        KeptOutput output = new KeptOutput(
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("no space left");
                    }
                },
                10,
                5);

        output.write(bytes("abc"), 0, 3);

        assertThat(file.size()).isZero();
    }

    private String kept(String text, int pieces) throws IOException {
        byte[] all = bytes(text);
        try (KeptOutput output = new KeptOutput(file, 10, 5)) {
            int piece = (all.length + pieces - 1) / pieces;
            for (int start = 0; start < all.length; start += piece) {
                output.write(all, start, Math.min(piece, all.length - start));
            }
        }
        return file.toString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
