// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import org.sciabc.testkit.PackagedPluginContractTest;

class MpichPackagedIT extends PackagedPluginContractTest {}
