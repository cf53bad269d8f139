// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Sighting;

/** Sightings for tests. */
final class Seeing {
    static final Instant START = Instant.parse("2016-09-16T10:00:00Z");
    static final String KEY_A = "SHA256:" + "A".repeat(43);
    static final String KEY_B = "SHA256:" + "B".repeat(43);

    private Seeing() {}

    static Node node(String name, String... addresses) {
        return Node.of(name, Arrays.stream(addresses).map(Seeing::address).toList());
    }

    static Node withId(String id, String name, String... addresses) {
        return node(name, addresses).withId(new NodeId(id));
    }

    static Sighting seen(String source, Node node) {
        return new Sighting.Seen(source, node, Optional.of("eth0"));
    }

    /** Seen under a source of the node's own name. */
    static Sighting seen(Node node) {
        return seen(node.name(), node);
    }

    static Sighting lost(String source, Sighting.Reason reason) {
        return new Sighting.Lost(source, reason);
    }

    static Instant at(double seconds) {
        return START.plusNanos((long) (seconds * 1e9));
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException notALiteral) {
            throw new IllegalArgumentException(notALiteral);
        }
    }

    static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals).map(Seeing::address).toList();
    }
}
