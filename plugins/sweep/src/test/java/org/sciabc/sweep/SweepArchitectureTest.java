// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import org.sciabc.testkit.ArchitectureContractTest;

class SweepArchitectureTest extends ArchitectureContractTest {}
