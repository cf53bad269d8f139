// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Subnet;

/** Nodes and networks for tests. None of them is asked of a name server. */
public final class SampleNodes {
    private SampleNodes() {}

    /**
     * A node of which everything is known.
     *
     * @param name its name
     * @param cluster its cluster
     * @param addresses literal addresses, best first
     * @return the node
     */
    public static Node known(String name, String cluster, String... addresses) {
        return Node.of(
                        name,
                        List.of(addresses).stream().map(SampleNodes::address).toList())
                .withId(new NodeId("id-of-" + name + "-0001"))
                .withCluster(cluster)
                .withUser("ada")
                .withPort(2222)
                .withHostKey("SHA256:" + "A".repeat(43))
                .withHardware(new Hardware(
                        OptionalInt.of(4),
                        OptionalLong.of(8L << 30),
                        Optional.of("aarch64"),
                        Optional.of("debian-12")));
    }

    /**
     * A node that jobs can run on.
     *
     * @param name its name
     * @param address its literal address
     * @param user the account in use
     * @param slots the number of processes that it takes
     * @return the node
     */
    public static ReadyNode ready(String name, String address, String user, int slots) {
        InetAddress parsed = address(address);
        return new ReadyNode(Node.of(name, List.of(parsed)), parsed, user, slots);
    }

    /**
     * Nobody: a port of this machine on which nothing listens.
     *
     * @return a node that refuses connections
     */
    public static Node nobody() {
        try (ServerSocket socket = new ServerSocket(0, 1, address("127.0.0.1"))) {
            return Node.of("nobody", List.of(address("127.0.0.1"))).withPort(socket.getLocalPort());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /**
     * The interface that reaches this machine alone.
     *
     * @return as the host would describe it
     */
    public static LocalInterface loopback() {
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isLoopback() && each.isUp()) {
                    List<LocalInterface.Address> addresses = each.getInterfaceAddresses().stream()
                            .map(known ->
                                    new LocalInterface.Address(known.getAddress(), known.getNetworkPrefixLength()))
                            .sorted((a, b) -> Integer.compare(
                                    a.address().getAddress().length, b.address().getAddress().length))
                            .toList();
                    return new LocalInterface(each.getName(), addresses, true, each.supportsMulticast());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        throw new IllegalStateException("this machine has no loopback interface that is up");
    }

    /**
     * An address by its literal.
     *
     * @param literal such as {@code 10.0.3.1}
     * @return the address
     */
    public static InetAddress address(String literal) {
        return Subnet.parse(literal)
                .orElseThrow(() -> new IllegalArgumentException("not a literal address: " + literal))
                .base();
    }
}
