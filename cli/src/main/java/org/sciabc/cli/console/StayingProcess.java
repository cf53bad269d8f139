// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process of this program that stays for the next commands.
 *
 * @param process its number
 * @param place the folder in which it was started; commands typed elsewhere start Java as ever
 * @param since when it began
 * @param idle after how long without a command it ends
 * @param ahead what waits on nodes for the next launch
 */
public record StayingProcess(long process, String place, Instant since, Duration idle, Optional<Ahead> ahead) {
    /**
     * Processes that wait to hear what to run.
     *
     * @param processes how many there are
     * @param nodes the names of their nodes
     * @param since when all of them were there
     */
    public record Ahead(int processes, List<String> nodes, Instant since) {
        public Ahead {
            nodes = List.copyOf(nodes);
        }
    }
}
