// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import org.sciabc.testkit.ArchitectureContractTest;

class OpenMpiArchitectureTest extends ArchitectureContractTest {}
