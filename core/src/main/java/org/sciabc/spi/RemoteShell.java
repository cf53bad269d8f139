// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;

/**
 * A command line on this machine that starts programs on nodes, such as {@code ssh -F FILE}: a launcher appends an address
 * and a program.
 *
 * @param command the program and its leading arguments; absolute paths
 */
public record RemoteShell(List<String> command) {
    public RemoteShell {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
    }
}
