// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.session.SessionContext;

/** Which node a client talks to: the address that it connected to tells. Safe for use by several threads. */
final class NodeTable {
    private final Map<SocketAddress, SimulatedNode> nodes = new ConcurrentHashMap<>();

    void add(SimulatedNode node) {
        nodes.put(node.endpoint(), node);
    }

    Optional<SimulatedNode> find(SessionContext session) {
        return Optional.ofNullable(session.getLocalAddress()).map(nodes::get);
    }
}
