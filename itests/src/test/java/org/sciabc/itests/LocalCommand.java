// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command on the very machine that runs the tests, as its user and without a terminal. */
final class LocalCommand {

    private final Command command;
    private final Process process;
    private final Path stdout;
    private final Path stderr;
    private final long startedAt = System.nanoTime();

    private LocalCommand(Path folder, Command command) throws IOException {
        this.command = command;
        stdout = Files.createTempFile(folder, "stdout", "");
        stderr = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(command.words())
                .directory(folder.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(command.environment());
        process = builder.start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(command.input().getBytes(UTF_8));
        }
    }

    /** Starts it in a folder, which is also where its output is kept. */
    static LocalCommand start(Path folder, Command command) {
        try {
            return new LocalCommand(folder, command);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static Result run(Path folder, Command command) {
        return start(folder, command).await();
    }

    Result await() {
        try {
            if (!process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "still running after " + command.limit().toSeconds() + " s: " + command);
            }
            return new Result(
                    command,
                    process.exitValue(),
                    Files.readString(stdout),
                    Files.readString(stderr),
                    Duration.ofNanos(System.nanoTime() - startedAt));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, interruption);
        }
    }
}
