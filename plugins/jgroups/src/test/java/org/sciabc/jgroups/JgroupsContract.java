// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.testkit.DiscoveryContractTest;

/** What {@link JgroupsContractTest} runs in a network of its own. */
class JgroupsContract extends DiscoveryContractTest {
    @Override
    protected DiscoveryBackend create() {
        return new JgroupsDiscovery();
    }
}
