// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Groups of command line options, each used by several verbs.
 * Parsing beyond turning text into values must not move in.
 */
@NullMarked
package org.sciabc.cli.option;

import org.jspecify.annotations.NullMarked;
