// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Sightings in, live roster out: merging by identity, suspicion, the watchdog, and storage.
 * Nothing in here reaches a node to change it, and nothing in here knows how a sighting was made.
 */
@NullMarked
package org.sciabc.roster;

import org.jspecify.annotations.NullMarked;
