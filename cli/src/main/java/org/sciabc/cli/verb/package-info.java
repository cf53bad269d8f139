// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * One class a verb: its options, and what it does with the stages.
 * What two verbs share belongs into flow.
 */
@NullMarked
package org.sciabc.cli.verb;

import org.jspecify.annotations.NullMarked;
