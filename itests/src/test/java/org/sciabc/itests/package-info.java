// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Whole clusters in containers, driven through the script of the unpacked distribution as a person would.
 * What a test of one module can show belongs in that module.
 */
@NullMarked
package org.sciabc.itests;

import org.jspecify.annotations.NullMarked;
