// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What {@code sciabc plugins} does: listing, checking, adding, removing and beginning plugins.
 * Nothing of a plugin is used here; the other verbs get theirs from the flow.
 */
@NullMarked
package org.sciabc.cli.plugins;

import org.jspecify.annotations.NullMarked;
