// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command of a simulated node with all that it starts: a session of its own where {@code setsid} is there, and else the
 * tree of its descendants.
 */
final class CommandProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Process process;
    private final boolean leadsGroup;

    private CommandProcess(Process process, boolean leadsGroup) {
        this.process = process;
        this.leadsGroup = leadsGroup;
    }

    static CommandProcess start(
            List<String> command, Map<String, String> environment, Path folder, Optional<Path> setsid)
            throws IOException {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new CommandProcess(builder.start(), setsid.isPresent());
    }

    Process process() {
        return process;
    }

    /**
     * Sends a signal to the command and what it started.
     *
     * @param name without SIG, such as {@code TERM}
     */
    void signal(String name) {
        if (leadsGroup) {
            signalGroup(name);
        } else if (name.equals("KILL")) {
            family().forEach(ProcessHandle::destroyForcibly);
        } else {
            family().forEach(member -> signal(name, Long.toString(member.pid())));
        }
    }

    /** Asks all of it to end, and kills what did not after a second. Returns at once. */
    CompletableFuture<?> end() {
        List<ProcessHandle> family = family();
        signal("TERM");
        CompletableFuture<?>[] ends = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(ends)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, stubborn) -> {
                    family.forEach(ProcessHandle::destroyForcibly);
                    if (leadsGroup) {
                        signalGroup("KILL");
                    }
                });
    }

    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    private void signalGroup(String name) {
        signal(name, "-" + process.pid());
    }

    /** The JDK sends TERM and KILL only, and to single processes. */
    private static void signal(String name, String target) {
        try {
            new ProcessBuilder(CommandEnvironment.SHELL, "-c", "kill -s \"$1\" -- \"$2\"", "sh", name, target)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noShell) {
            throw new IllegalStateException("no " + CommandEnvironment.SHELL, noShell);
        }
    }
}
