// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The terminal: printing, asking, progress, tables and JSON.
 * Nothing here knows what a node or a job is for.
 */
@NullMarked
package org.sciabc.cli.console;

import org.jspecify.annotations.NullMarked;
