// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import org.sciabc.testkit.ArchitectureContractTest;

class MpichArchitectureTest extends ArchitectureContractTest {}
