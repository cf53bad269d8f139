// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import org.sciabc.testkit.PackagedPluginContractTest;

/** The finished jar, in the plugin host that sciabc has. */
class HttpInventoryPackagedIT extends PackagedPluginContractTest {}
