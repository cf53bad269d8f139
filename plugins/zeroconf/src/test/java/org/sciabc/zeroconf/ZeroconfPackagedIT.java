// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import org.sciabc.testkit.PackagedPluginContractTest;

class ZeroconfPackagedIT extends PackagedPluginContractTest {}
