// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/**
 * The version of this package, which follows semantic versioning on its own and is not the version of the product.
 *
 * <p>A plugin names the range that it was built for in its manifest ({@code Plugin-Requires: >=0.1.0 & <0.2.0}); the host
 * refuses a plugin whose range does not hold this version, and says so.
 */
public final class SpiVersion {
    /** The version of the SPI that this host offers. */
    public static final String CURRENT = "0.1.0";

    private SpiVersion() {}
}
