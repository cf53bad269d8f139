// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.stream.Stream;

/**
 * A command line on this machine that starts programs on nodes, such as {@code ssh -F FILE}: a launcher appends an address
 * and a program.
 *
 * @param command the program and its leading arguments; absolute paths
 * @param staysOpen whether a connection that it has made stays open for the next program and the next launch, and is one of
 *     {@link OpenConnections}: the host may then keep a program of its own running over it as well
 * @param apart the same command line for a launcher that starts it with its own standard output and error: it does to those
 *     nothing that who shares them would notice. OpenSSH's client switches what it inherits to {@code O_NONBLOCK} for all who
 *     have it, and what a launcher then cannot write at once, it may drop. Open MPI takes only words without spaces
 */
public record RemoteShell(List<String> command, boolean staysOpen, List<String> apart) {
    public RemoteShell {
        command = List.copyOf(command);
        apart = List.copyOf(apart);
        if (command.isEmpty() || apart.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
    }

    /** One that leaves alone what it shares with who starts it. */
    public RemoteShell(List<String> command, boolean staysOpen) {
        this(command, staysOpen, command);
    }

    /**
     * What runs a program on a node, with this machine's standard streams as its own.
     *
     * @param program a command line for the account's login shell, which may be any: a single word, or one quoted so that all
     *     shells agree about it
     */
    public List<String> commandOn(ReadyNode node, String program) {
        return Stream.concat(command.stream(), Stream.of(node.address().getHostAddress(), program))
                .toList();
    }

    /** The same whose connections end with the programs that they are for. */
    public RemoteShell(List<String> command) {
        this(command, false);
    }
}
