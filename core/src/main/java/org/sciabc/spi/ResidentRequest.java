// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;

/**
 * What a launcher is to keep running, and where.
 *
 * @param launch the nodes, the networks and the way to them; its job says no more than whether it runs as root
 * @param idle after how long without a job everything has to end by itself
 */
public record ResidentRequest(LaunchRequest launch, Duration idle) {}
