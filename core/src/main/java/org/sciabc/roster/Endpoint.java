// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.Node;

/** Where an SSH server is: two machines cannot share one, and several on one address differ in their ports. */
record Endpoint(InetAddress address, int port) {

    static Stream<Endpoint> of(Node node) {
        return node.addresses().stream().map(address -> new Endpoint(address, node.port()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Endpoint that && address.equals(that.address) && port == that.port;
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, port);
    }
}
