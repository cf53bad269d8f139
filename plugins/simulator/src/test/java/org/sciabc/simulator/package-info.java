// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Tests of the simulator, against real servers on loopback addresses and real processes.
 * Nothing in here listens on a network or needs root.
 */
@NullMarked
package org.sciabc.simulator;

import org.jspecify.annotations.NullMarked;
