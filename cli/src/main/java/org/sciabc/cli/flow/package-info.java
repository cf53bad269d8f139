// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The stages from discovery to a launched job, wired together from core and the plugins in use.
 * Verbs call them; they know no verb.
 */
@NullMarked
package org.sciabc.cli.flow;

import org.jspecify.annotations.NullMarked;
