// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Finds nodes as members of one group, and lets this machine be a member: the only code that knows JGroups. What members say of
 * themselves is read here, and judged nowhere but in the roster.
 */
@NullMarked
package org.sciabc.jgroups;

import org.jspecify.annotations.NullMarked;
