// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Relay;

/**
 * Relays of this process to nodes, for connections that do not outlive it. OpenSSH sets TCP_NODELAY no sooner than a first command
 * runs: the client waits 40 ms for the acknowledgement of its key exchange's last message, and the server as long for that of the
 * first of what it remarks about the key. Through a relay a login takes half the time.
 *
 * <p>They connect before the client is started, which a node's server uses to start as well.
 */
final class ShortWays implements AutoCloseable {
    /** On a network of one's own a machine that is there takes a millisecond, or some over a radio. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    private final Duration patience;

    /** By where they lead; one that nobody could be reached through is not kept. */
    private final Map<InetSocketAddress, Relay> relays = new HashMap<>();

    /**
     * None yet.
     *
     * @param patience how long a node may take to take a connection
     */
    ShortWays(Duration patience) {
        this.patience = patience;
    }

    /** Those to the nodes of one request; some are being connected. */
    final class Begun {
        private final Map<ReadyNode, Relay> fresh = new HashMap<>();
        private final Map<ReadyNode, Integer> ports = new HashMap<>();
        private final long since = System.nanoTime();

        private Begun(List<ReadyNode> nodes) {
            for (ReadyNode ready : nodes) {
                InetSocketAddress target = target(ready);
                Relay known = relays.get(target);
                // A second connection ahead would be closed without a login, which servers hold against who does it
                // often.
                if (known != null) {
                    ports.put(ready, known.port());
                    continue;
                }
                Optional<Relay> relay = Relay.ahead(target);
                if (relay.isPresent()) {
                    fresh.put(ready, relay.get());
                }
            }
        }

        /**
         * The port of 127.0.0.1 that leads to each node; none for one that does not take the connection, about which the client
         * itself says why.
         */
        Map<ReadyNode, Integer> ports() throws InterruptedException {
            synchronized (ShortWays.this) {
                for (Map.Entry<ReadyNode, Relay> each : fresh.entrySet()) {
                    long left = since + patience.toNanos() - System.nanoTime();
                    Relay relay = each.getValue();
                    if (relay.isConnected(Duration.ofNanos(Math.max(0, left)))) {
                        relays.put(target(each.getKey()), relay);
                        ports.put(each.getKey(), relay.port());
                    } else {
                        relay.close();
                    }
                }
                fresh.clear();
                return Map.copyOf(ports);
            }
        }
    }

    /** Begins to open a way to each of these nodes, all at once. */
    synchronized Begun begin(List<ReadyNode> nodes) {
        return new Begun(nodes);
    }

    private static InetSocketAddress target(ReadyNode ready) {
        return new InetSocketAddress(ready.address(), ready.node().port());
    }

    /** Ends all of them, and what goes through them. */
    @Override
    public synchronized void close() {
        for (Relay relay : relays.values()) {
            relay.close();
        }
        relays.clear();
    }
}
