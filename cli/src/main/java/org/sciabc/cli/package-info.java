// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command line: parses options, wires the rooms of the core together, prints.
 * Whatever would be of use without a terminal belongs in the core.
 */
@NullMarked
package org.sciabc.cli;

import org.jspecify.annotations.NullMarked;
