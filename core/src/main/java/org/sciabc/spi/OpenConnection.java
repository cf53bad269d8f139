// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;

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
public record OpenConnection(String name, InetAddress address, int port, String user, Instant since, Duration idle) {}
