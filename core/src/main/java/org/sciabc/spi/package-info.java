// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The contract between sciabc and its plugins: the only package a plugin may touch, and the only one whose shape is promised.
 * Only JDK types, pf4j's {@code ExtensionPoint} and nullness annotations appear here; behaviour of the host must not move in.
 */
@NullMarked
package org.sciabc.spi;

import org.jspecify.annotations.NullMarked;
