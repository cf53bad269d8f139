// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Nodes that exist on this machine alone: each an embedded SSH server on a loopback address, with a home folder of its own.
 * Nothing in here may need root, a container or a network, and nothing outside may treat these nodes as special.
 */
@NullMarked
package org.sciabc.simulator;

import org.jspecify.annotations.NullMarked;
