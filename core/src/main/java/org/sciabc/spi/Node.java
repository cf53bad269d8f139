// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one machine of the cluster. A value that cannot be wrong: the constructor refuses names, users and
 * ports that could do harm. What is unknown is absent.
 *
 * @param id its identity; absent for a node of 2016, which has none
 * @param name its name, for people: letters, digits, dots, underscores and hyphens; need not resolve
 * @param addresses where it was seen, best first; scoped addresses keep their scope; empty only before it was resolved
 * @param port its SSH port (the port 34343 of the service record is a flag and never stands here)
 * @param user the account that it wants to be reached with
 * @param hardware cores, memory, architecture, operating system
 * @param hostKey the SHA-256 fingerprint of its SSH host key, as {@code SHA256:...}; a hint, not yet verified
 * @param cluster the cluster that it announced
 */
public record Node(
        Optional<NodeId> id,
        String name,
        List<InetAddress> addresses,
        int port,
        Optional<String> user,
        Hardware hardware,
        Optional<String> hostKey,
        Optional<String> cluster) {
    /** The port of SSH where none was announced. */
    public static final int SSH_PORT = 22;

    /** The name of a cluster that was not named. */
    public static final String DEFAULT_CLUSTER = "default";

    public Node {
        Objects.requireNonNull(id, "id is null");
        Objects.requireNonNull(hardware, "hardware is null");
        Objects.requireNonNull(hostKey, "hostKey is null");
        Objects.requireNonNull(cluster, "cluster is null");
        addresses = List.copyOf(addresses);
        if (Untrusted.nodeName(name).filter(name::equals).isEmpty()) {
            throw new IllegalArgumentException("not a node's name: " + Untrusted.line(name, 80));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (user.isPresent() && Untrusted.user(user.get()).isEmpty()) {
            throw new IllegalArgumentException("not a user's name");
        }
    }

    /** A node of which only the name and addresses are known. */
    public static Node of(String name, List<InetAddress> addresses) {
        return new Node(
                Optional.empty(),
                name,
                addresses,
                SSH_PORT,
                Optional.empty(),
                Hardware.UNKNOWN,
                Optional.empty(),
                Optional.empty());
    }

    /** The same with an identity. */
    public Node withId(NodeId newId) {
        return new Node(Optional.of(newId), name, addresses, port, user, hardware, hostKey, cluster);
    }

    /** The same with another name. */
    public Node withName(String newName) {
        return new Node(id, newName, addresses, port, user, hardware, hostKey, cluster);
    }

    /** The same at other addresses. */
    public Node withAddresses(List<InetAddress> newAddresses) {
        return new Node(id, name, newAddresses, port, user, hardware, hostKey, cluster);
    }

    /** The same with another SSH port. */
    public Node withPort(int newPort) {
        return new Node(id, name, addresses, newPort, user, hardware, hostKey, cluster);
    }

    /** The same with another account. */
    public Node withUser(String newUser) {
        return new Node(id, name, addresses, port, Optional.of(newUser), hardware, hostKey, cluster);
    }

    /** The same on other hardware. */
    public Node withHardware(Hardware newHardware) {
        return new Node(id, name, addresses, port, user, newHardware, hostKey, cluster);
    }

    /** The same with an announced host key. */
    public Node withHostKey(String newHostKey) {
        return new Node(id, name, addresses, port, user, hardware, Optional.of(newHostKey), cluster);
    }

    /** The same in a cluster. */
    public Node withCluster(String newCluster) {
        return new Node(id, name, addresses, port, user, hardware, hostKey, Optional.of(newCluster));
    }

    // Written out, as in other records that are keys of maps: what the compiler makes of them is put together at
    // run-time
    // anew in every process, and took 50 ms of every command that meets a node.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Node that
                && id.equals(that.id)
                && name.equals(that.name)
                && addresses.equals(that.addresses)
                && port == that.port
                && user.equals(that.user)
                && hardware.equals(that.hardware)
                && hostKey.equals(that.hostKey)
                && cluster.equals(that.cluster);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, name, addresses, port, user, hardware, hostKey, cluster);
    }
}
