// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import org.sciabc.testkit.PackagedPluginContractTest;

class SweepPackagedIT extends PackagedPluginContractTest {}
