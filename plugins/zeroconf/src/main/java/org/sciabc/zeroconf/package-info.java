// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Discovery with DNS service discovery over multicast DNS, on the wire as the 2016 project spoke it.
 * Nothing in here decides whether a node is alive: it only says what it saw.
 */
@NullMarked
package org.sciabc.zeroconf;

import org.jspecify.annotations.NullMarked;
