// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Facts and requirements in, plan out; then the plan carried out on many nodes at once.
 * Finding nodes and running jobs on them stay out, and so does everything that only one way of reaching a node needs.
 */
@NullMarked
package org.sciabc.provision;

import org.jspecify.annotations.NullMarked;
