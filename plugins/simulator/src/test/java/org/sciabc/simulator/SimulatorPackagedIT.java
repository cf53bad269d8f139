// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import org.sciabc.testkit.PackagedPluginContractTest;

class SimulatorPackagedIT extends PackagedPluginContractTest {}
