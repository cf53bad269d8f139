// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The contracts of the SPIs, as test classes that a plugin's own tests inherit, and what those need.
 * No test of one particular plugin belongs in here.
 */
@NullMarked
package org.sciabc.testkit;

import org.jspecify.annotations.NullMarked;
