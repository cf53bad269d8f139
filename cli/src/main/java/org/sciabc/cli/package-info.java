// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command line: what turns arguments into one verb's run, and its end into an exit status. What a verb does lives in
 * {@code verb} and {@code flow}; nothing here knows a plugin.
 */
@NullMarked
package org.sciabc.cli;

import org.jspecify.annotations.NullMarked;
