// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import org.sciabc.testkit.PackagedPluginContractTest;

class JgroupsPackagedIT extends PackagedPluginContractTest {}
