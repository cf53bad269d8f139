// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The plugin host: finds plugin jars, loads them behind a class loader of their own and names what is wrong with each.
 * Nothing outside this package may know that pf4j does it, and nothing in here knows what the plugins are used for.
 */
@NullMarked
package org.sciabc.plugin;

import org.jspecify.annotations.NullMarked;
