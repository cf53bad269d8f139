// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An output that cannot be written. */
class OwnOutputTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"/dev/full, true", "/home/me/out.txt, true", "pipe:[7], false", "socket:[7], false"})
    void aFailureIsRememberedButForThatOfAReader(String leadsTo, boolean isRemembered) throws IOException {
        Path place = Files.createSymbolicLink(folder.resolve("1"), Path.of(leadsTo));
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            OwnOutput out = new OwnOutput(full, place);

            assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
            assertThat(out.failure().isPresent()).isEqualTo(isRemembered);
        }
    }

    @Test
    void whatIsWrittenIsNoFailure() throws IOException {
        Path file = folder.resolve("out");
        try (OutputStream written = Files.newOutputStream(file)) {
            OwnOutput out = new OwnOutput(written, folder.resolve("none"));
            out.write(new byte[] {'a', 'b'});
            out.write('c');

            assertThat(out.failure()).isEmpty();
        }
        assertThat(file).hasContent("abc");
    }

    @Test
    void whereNobodyCanTellItMayHaveBeenTheReader() throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            OwnOutput out = new OwnOutput(full, folder.resolve("none"));

            assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
            assertThat(out.failure()).isEmpty();
        }
    }
}
