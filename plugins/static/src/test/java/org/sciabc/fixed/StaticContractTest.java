// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.util.List;
import java.util.Map;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;
import org.sciabc.testkit.SampleNodes;

class StaticContractTest extends DiscoveryContractTest {
    private static final List<Node> LISTED = List.of(
            Node.of("127.0.0.1", List.of(SampleNodes.address("127.0.0.1")))
                    .withUser("ada")
                    .withPort(2222),
            Node.of("127.0.0.2", List.of(SampleNodes.address("127.0.0.2"))));

    @Override
    protected DiscoveryBackend create() {
        return new StaticDiscovery();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("nodes", "ada@127.0.0.1:2222,127.0.0.2");
    }

    /** What is listed is there, whoever comes and goes. */
    @Override
    protected Presence appear(Node node) {
        return Presence.of(LISTED, () -> {});
    }

    @Override
    protected boolean seesArrivals() {
        return false;
    }

    @Override
    protected boolean endsWhenAllIsReported() {
        return true;
    }
}
