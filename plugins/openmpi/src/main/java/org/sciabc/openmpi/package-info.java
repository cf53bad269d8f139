// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Open MPI as a launcher: its packages, its hostfile, its mpirun.
 * Choosing nodes and making them ready stay out.
 */
@NullMarked
package org.sciabc.openmpi;

import org.jspecify.annotations.NullMarked;
