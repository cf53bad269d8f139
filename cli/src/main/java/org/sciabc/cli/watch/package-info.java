// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a running watch keeps true besides the roster: hostfiles, the roster on disk, and what the person wants to be done.
 * Finding nodes and judging them is core's and stays there.
 */
@NullMarked
package org.sciabc.cli.watch;

import org.jspecify.annotations.NullMarked;
