// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import org.sciabc.testkit.ArchitectureContractTest;

/** Rules that no run shows: only the SPI is used, nothing is printed, nothing ends the program. */
class @class@ArchitectureTest extends ArchitectureContractTest {}
