// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Where files live, and what the configuration file says.
 * Nothing here prints or asks.
 */
@NullMarked
package org.sciabc.cli.config;

import org.jspecify.annotations.NullMarked;
