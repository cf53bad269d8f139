// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import org.sciabc.testkit.ArchitectureContractTest;

/** Rules that no run shows: only the SPI is used, nothing is printed, nothing ends the program. */
class HttpInventoryArchitectureTest extends ArchitectureContractTest {}
