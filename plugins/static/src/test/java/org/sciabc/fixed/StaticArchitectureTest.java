// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import org.sciabc.testkit.ArchitectureContractTest;

class StaticArchitectureTest extends ArchitectureContractTest {}
