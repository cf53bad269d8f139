// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;

/**
 * A command line on this machine that starts programs on nodes, such as {@code ssh -F FILE}: a launcher appends an address
 * and a program.
 *
 * @param command the program and its leading arguments; absolute paths
 * @param staysOpen whether a connection that it has made stays open for the next program and the next launch, and is one of
 *     {@link OpenConnections}: the host may then keep a program of its own running over it as well
 */
public record RemoteShell(List<String> command, boolean staysOpen) {
    public RemoteShell {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
    }

    /** One whose connections end with the programs that they are for. */
    public RemoteShell(List<String> command) {
        this(command, false);
    }
}
