// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * MPICH as a launcher: its packages, its hostfile, its mpiexec (Hydra).
 * Choosing nodes and making them ready stay out.
 */
@NullMarked
package org.sciabc.mpich;

import org.jspecify.annotations.NullMarked;
