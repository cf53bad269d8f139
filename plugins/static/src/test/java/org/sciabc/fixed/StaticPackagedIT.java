// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import org.sciabc.testkit.PackagedPluginContractTest;

class StaticPackagedIT extends PackagedPluginContractTest {}
