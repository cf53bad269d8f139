// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of one run, wherever they went: a daemon leaves its session and its parent, but not its environment. What
 * carries no such mark (on a system without {@code /proc}) is found only as a descendant of a command.
 *
 * @param runId the run
 */
record MarkedProcesses(String runId) {
    /** The variable that every process of a simulated node inherits. */
    static final String VARIABLE = "SCIABC_SIMULATED";

    private static final Path PROC = Path.of("/proc");
    private static final int MOST_ROUNDS = 20;

    /** Ends them all: asks first, and kills what does not go. */
    void end(Duration patience) {
        List<ProcessHandle> asked = find();
        asked.forEach(ProcessHandle::destroy);
        await(asked, patience);
        List<ProcessHandle> left = find();
        // A process that forks faster than one round takes is met again in the next.
        for (int round = 0; !left.isEmpty() && round < MOST_ROUNDS; round++) {
            left.forEach(ProcessHandle::destroyForcibly);
            await(left, patience);
            left = find();
        }
    }

    /** The processes that are there now; this one is never among them. */
    List<ProcessHandle> find() {
        List<ProcessHandle> found = new ArrayList<>();
        byte[] mark = (VARIABLE + "=" + runId).getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carries(process.resolve("environ"), mark)) {
                    handle(process).ifPresent(found::add);
                }
            }
        } catch (IOException noProc) {
            return List.of();
        }
        return found;
    }

    private static Optional<ProcessHandle> handle(Path process) {
        return ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                .filter(handle -> !handle.equals(ProcessHandle.current()))
                .filter(ProcessHandle::isAlive);
    }

    private static boolean carries(Path environ, byte[] mark) {
        try {
            byte[] variables = Files.readAllBytes(environ);
            int from = 0;
            for (int i = 0; i < variables.length; i++) {
                if (variables[i] == 0) {
                    if (Arrays.equals(variables, from, i, mark, 0, mark.length)) {
                        return true;
                    }
                    from = i + 1;
                }
            }
            return false;
        } catch (IOException notOurs) {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static void await(List<ProcessHandle> processes, Duration patience) {
        CompletableFuture<?>[] ends =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stubborn) {
            // The next look at the processes tells.
        } catch (InterruptedException impatient) {
            // Nothing may be left behind: the caller learns of it when all is done.
            Thread.currentThread().interrupt();
        }
    }
}
