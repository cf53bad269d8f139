// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * On which network this machine is, and which network profile therefore applies.
 * Nothing here discovers nodes, and only {@code SystemNetwork} asks the system.
 */
@NullMarked
package org.sciabc.cli.network;

import org.jspecify.annotations.NullMarked;
