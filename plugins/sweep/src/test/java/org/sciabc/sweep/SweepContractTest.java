// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;
import org.sciabc.testkit.SampleNodes;

/** Sweeps loopback addresses: no packet of it reaches anybody. */
class SweepContractTest extends DiscoveryContractTest {
    private static final String ADDRESS = "127.0.79.5";

    private final int port = freePort();

    @Override
    protected DiscoveryBackend create() {
        return new SweepDiscovery();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("networks", "127.0.79.0/28", "port", Integer.toString(port), "every", "1s");
    }

    @Override
    protected Presence appear(Node node) throws Exception {
        Node server = Node.of(ADDRESS, List.of(SampleNodes.address(ADDRESS))).withPort(port);
        return Presence.of(server, new Speaker(ADDRESS, port, "SSH-2.0-contract\r\n"));
    }

    @Override
    protected boolean endsWhenAllIsReported() {
        return true;
    }

    @Override
    protected boolean belongsToTheTest(Thread thread) {
        return thread.getName().equals("speaker");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, SampleNodes.address(ADDRESS))) {
            return socket.getLocalPort();
        } catch (IOException noPort) {
            throw new java.io.UncheckedIOException(noPort);
        }
    }
}
