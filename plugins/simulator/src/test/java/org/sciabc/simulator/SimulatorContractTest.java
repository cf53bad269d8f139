// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.util.Map;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;

class SimulatorContractTest extends DiscoveryContractTest {
    private final String address = Classroom.freshAddress();

    @Override
    protected DiscoveryBackend create() {
        return new SimulatorDiscovery();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("nodes", "2", "address", address, "port", "2300");
    }

    /** The nodes are the simulator's own, whoever announces them. */
    @Override
    protected Presence appear(Node node) throws Exception {
        Announcement announcement = create().announce(announceRequest(node));
        return Presence.of(
                Runs.of(stateFolder()).alive().values().iterator().next().nodes(), announcement);
    }
}
