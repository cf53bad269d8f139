// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;

/** Everything that sciabc demands of a discovery backend, with a web server on this machine. */
class HttpInventoryContractTest extends DiscoveryContractTest {
    private static final String NOBODY = "{\"nodes\": []}";

    private final InventoryServer server = new InventoryServer();

    HttpInventoryContractTest() {
        server.answers(NOBODY);
    }

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Override
    protected DiscoveryBackend create() {
        return new HttpInventoryDiscovery();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("url", server.url().toString(), "every", "50ms");
    }

    @Override
    protected Optional<Map<String, String>> givenSoThatNothingAnswers() {
        server.answersNothing();
        return Optional.of(given());
    }

    /** Shows a node to the backend: the server lists it. */
    @Override
    protected Presence appear(Node node) {
        server.answers("""
                {"nodes": [{"name": "%s", "addresses": ["%s"], "port": %d, "user": "%s", "id": "%s", "cluster": "%s"}]}""".formatted(
                        node.name(),
                        node.addresses().get(0).getHostAddress(),
                        node.port(),
                        node.user().orElseThrow(),
                        node.id().orElseThrow(),
                        node.cluster().orElseThrow()));
        return Presence.of(node, () -> server.answers(NOBODY));
    }

    @Override
    protected boolean endsWhenAllIsReported() {
        return true;
    }
}
