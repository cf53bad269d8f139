// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Reaches one node at a time with SSH: authentication, host keys, commands, files.
 * Fan-out over many nodes stays out; that is the core's.
 */
@NullMarked
package org.sciabc.ssh;

import org.jspecify.annotations.NullMarked;
