// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A connection to a node that stays open for the next launch.
 *
 * @param name what the node is called, or its address where it has no name of its own
 * @param address where the node is
 * @param port the port there
 * @param user the account in use
 * @param since when it was opened
 * @param idle after how long without use it closes by itself
 */
public record OpenConnection(String name, InetAddress address, int port, String user, Instant since, Duration idle) {
    public OpenConnection {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(address, "address is null");
        Objects.requireNonNull(user, "user is null");
        Objects.requireNonNull(since, "since is null");
        Objects.requireNonNull(idle, "idle is null");
    }
}
