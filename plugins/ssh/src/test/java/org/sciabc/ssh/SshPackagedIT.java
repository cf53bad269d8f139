// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import org.sciabc.testkit.PackagedPluginContractTest;

class SshPackagedIT extends PackagedPluginContractTest {}
