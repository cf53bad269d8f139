// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.Map;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.testkit.DiscoveryContractTest;

/** What {@link ZeroconfContractTest} runs in a network of its own. */
class ZeroconfContract extends DiscoveryContractTest {
    @Override
    protected DiscoveryBackend create() {
        return new ZeroconfDiscovery();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("through", "library");
    }
}
