// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import org.sciabc.spi.Node;

/**
 * One node that this process simulates.
 *
 * @param node what the network is told of it
 * @param home the home folder of its account
 * @param hostKey its host key
 */
record SimulatedNode(Node node, Path home, KeyPair hostKey) {

    String name() {
        return node.name();
    }

    /** The folder for temporary files. */
    Path temporary() {
        return home.resolve("tmp");
    }

    /** Where its SSH server listens. */
    InetSocketAddress endpoint() {
        return new InetSocketAddress(node.addresses().get(0), node.port());
    }
}
