// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;

/**
 * Runs OpenSSH's client with outputs of its own that lead to the same places. It switches those that it inherits to {@code
 * O_NONBLOCK} (ssh.c, mux.c), which the kernel keeps with the open file, for every process that has it: also for the one that
 * started it, where it did not ask for that.
 */
final class ApartScript {
    private static final String NAME = "ssh_apart";

    /**
     * What Linux opens at the place of a pipe in {@code /proc} is an open file of its own. Only pipes: a socket cannot be opened
     * anew, the kernel never makes anybody wait for a file, and a second open file would have an end of its own.
     */
    private static final String SCRIPT = """
            # Written by sciabc, for launchers: runs a program, which is ssh, with outputs that it shares with nobody.
            can_open() { [ -p "/proc/self/fd/$1" ] && [ -w "/proc/self/fd/$1" ]; }
            if can_open 1; then exec >/proc/self/fd/1; fi
            if can_open 2; then exec 2>/proc/self/fd/2; fi
            exec "$@"
            """;

    private ApartScript() {}

    /**
     * Puts it in front of a command.
     *
     * @param neighbour a file in the state folder, by a path without spaces
     */
    static List<String> before(List<String> command, Path neighbour, RemoteShellRequest request)
            throws SciabcException {
        AtomicFile file = AtomicFile.ownerOnlyAt(request.stateFolder().resolve(NAME));
        if (!file.read().orElse("").equals(SCRIPT)) {
            file.write(SCRIPT);
        }
        List<String> words = new ArrayList<>();
        words.add("/bin/sh");
        words.add(neighbour.resolveSibling(NAME).toString());
        words.addAll(command);
        return words;
    }
}
