// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.CliFailure;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuestionsTest {
    @TempDir
    private Path folder;

    @Test
    void aPasswordIsTheFirstLineOfAFileOrOfStandardInput() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "secret\r\nnot\n");
        InputStream in = new ByteArrayInputStream("other\nrest".getBytes(StandardCharsets.UTF_8));

        assertThat(password(file.toString(), in)).isEqualTo("secret");
        assertThat(password("-", in)).isEqualTo("other");
        assertThat(in.readAllBytes()).asString().isEqualTo("rest");
    }

    @Test
    void aPasswordFileThatIsNotThereIsSaid() {
        String missing = folder.resolve("missing").toString();

        assertThatExceptionOfType(CliFailure.class)
                .isThrownBy(() -> password(missing, InputStream.nullInputStream()))
                .withMessageContaining("cannot read the password file '" + missing + "'")
                .withMessageContaining("there is no such file");
        assertThatExceptionOfType(CliFailure.class)
                .isThrownBy(() -> password(folder.toString(), InputStream.nullInputStream()))
                .withMessageContaining("it is a folder");
    }

    @Test
    void waitingForAPasswordOnStandardInputCanBeInterrupted() throws Exception {
        try (PipedOutputStream writer = new PipedOutputStream();
                InputStream silent = new PipedInputStream(writer)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> password("-", silent));
        }
    }

    @Test
    void waitingForAPasswordFromAPipeThatNobodyOpensCanBeInterrupted() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> password(pipe.toString(), InputStream.nullInputStream()));

        // The thread that waits to open it goes on.
        Files.newOutputStream(pipe).close();
    }

    private static String password(String file, InputStream in) throws Exception {
        OutputStream nowhere = OutputStream.nullOutputStream();
        Terminal terminal = Terminal.ofOther(in, nowhere, nowhere, "", Map.of());
        return new String(new Questions(terminal, false).passwordFrom(file).utf8(), StandardCharsets.UTF_8);
    }
}
