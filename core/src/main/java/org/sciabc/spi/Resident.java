// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a launcher keeps running on nodes between jobs.
 *
 * @param what one line for people, such as {@code prte (PRRTE 3.0.8)}
 * @param nodes the names of the nodes that it is on, in order
 * @param since when it was started
 * @param idle after how long without a job it ends by itself
 */
public record Resident(String what, List<String> nodes, Instant since, Duration idle) {
    public Resident {
        Objects.requireNonNull(what, "what is null");
        Objects.requireNonNull(since, "since is null");
        Objects.requireNonNull(idle, "idle is null");
        nodes = List.copyOf(nodes);
    }
}
