// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import org.sciabc.testkit.PackagedPluginContractTest;

class OpenMpiPackagedIT extends PackagedPluginContractTest {}
