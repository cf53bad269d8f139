// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What ends a program of ours when nobody of us is left to do it: after {@code kill -9}, after a crash, and when a second
 * Ctrl-C is not waited for. It is a shell in a session of its own at the other end of a pipe, which the system closes however
 * this process ends. It is started after the program, which therefore starts no later.
 */
public final class LifeLine implements AutoCloseable {
    /**
     * Ends process $1, with $2 seconds for its cleaning up. A line on the input: it was asked to end already, and must not be
     * asked twice (see {@link OwnProcesses}). A number that was given to another process meanwhile is told by when that began,
     * where there is {@code /proc}.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            cd /
            pid=$1 patience=$2 asked=
            born() { b=; read -r b <"/proc/$pid/stat"; set -- ${b##*) }; b=${20-}; }
            alive() { kill -0 "$pid" && born && [ "$b" = "$first" ]; }
            born
            first=$b
            while read -r line; do asked=$line; done
            alive || exit 0
            [ -n "$asked" ] || kill -TERM "$pid"
            while alive && [ "$patience" -gt 0 ]; do sleep 1; patience=$((patience - 1)); done
            if alive; then kill -KILL "$pid"; fi
            kill -KILL "-$pid"
            """;

    private static final Set<ProcessHandle> HELD = ConcurrentHashMap.newKeySet();

    private final ProcessHandle program;
    private final Optional<Process> shell;

    private LifeLine(ProcessHandle program, Optional<Process> shell) {
        this.program = program;
        this.shell = shell;
    }

    /** Whether a process is ended by somebody else once this one is gone, or is that somebody. */
    public static boolean holds(ProcessHandle process) {
        return HELD.contains(process);
    }

    /** None: the program goes on when this process is gone. */
    static LifeLine none(Process program) {
        return new LifeLine(program.toHandle(), Optional.empty());
    }

    /**
     * One for a program that has just started.
     *
     * @param setsid what gives the shell a session of its own, which a signal for all of ours does not reach
     * @param patience how long the program may take to clean up
     */
    static LifeLine to(Process program, Optional<Path> setsid, Duration patience) {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(List.of("/bin/sh", "-c", SCRIPT, "sciabc"));
        words.add(Long.toString(program.pid()));
        words.add(Long.toString(Math.max(1, patience.toSeconds())));
        try {
            Process shell = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            HELD.add(program.toHandle());
            HELD.add(shell.toHandle());
            return new LifeLine(program.toHandle(), Optional.of(shell));
        } catch (IOException noShell) {
            // A program runs without it, too.
            return none(program);
        }
    }

    /** The program is going to be asked to end, by us. */
    void asked() {
        shell.ifPresent(held -> {
            try {
                OutputStream pipe = held.getOutputStream();
                pipe.write("asked\n".getBytes(StandardCharsets.US_ASCII));
                pipe.flush();
            } catch (IOException gone) {
                // Somebody has ended it: then it does nothing any more.
                return;
            }
        });
    }

    /** The program has ended. */
    @Override
    public void close() {
        shell.ifPresent(held -> {
            held.destroyForcibly();
            HELD.remove(held.toHandle());
        });
        HELD.remove(program);
    }
}
