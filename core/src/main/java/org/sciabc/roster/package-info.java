// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Sightings in, live roster out: running the discovery backends, merging what they report by identity, suspicion, the
 * watchdog, and the roster on disk. Reaching nodes, choosing among them for a job, and printing must not move in.
 */
@NullMarked
package org.sciabc.roster;

import org.jspecify.annotations.NullMarked;
