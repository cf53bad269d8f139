// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An output that cannot be written. */
class OwnOutputTest {
    @TempDir
    private Path folder;

    @Test
    void aFailureIsRememberedButForThatOfAReader() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(failureOfOneThatLeadsTo(Path.of("/dev/full"))).isPresent();
        assertThat(failureOfOneThatLeadsTo(Files.createFile(folder.resolve("file"))))
                .isPresent();
        assertThat(failureOfOneThatLeadsTo(pipe)).isEmpty();
    }

    private Optional<String> failureOfOneThatLeadsTo(Path target) throws IOException {
        Path place = Files.createSymbolicLink(folder.resolve("to " + target.getFileName()), target);
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            OwnOutput out = new OwnOutput(full, place);
            AtomicInteger left = new AtomicInteger();
            out.whenReaderLeaves(left::incrementAndGet);
            assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
            assertThat(left.get()).isEqualTo(out.failure().isEmpty() ? 1 : 0);
            out.whenReaderLeaves(() -> {});
            assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
            assertThat(left.get()).isLessThan(2);
            return out.failure();
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
            AtomicInteger left = new AtomicInteger();
            out.whenReaderLeaves(left::incrementAndGet);

            assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
            assertThat(out.failure()).isEmpty();
            assertThat(left.get()).isZero();
        }
    }
}
