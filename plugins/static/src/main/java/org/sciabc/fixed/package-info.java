// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Nodes that a person has listed: reads the list and finds the addresses of its names. Whether anything answers there must not
 * be asked here: that is the watchdog's.
 */
@NullMarked
package org.sciabc.fixed;

import org.jspecify.annotations.NullMarked;
