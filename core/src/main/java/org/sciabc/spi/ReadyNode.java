// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that jobs can run on.
 *
 * @param node what is known of it
 * @param address the address by which launcher and nodes reach it
 * @param user the account in use
 * @param slots the number of processes that it takes, 1 or more
 */
public record ReadyNode(Node node, InetAddress address, String user, int slots) {
    public ReadyNode {
        Objects.requireNonNull(node, "node is null");
        Objects.requireNonNull(address, "address is null");
        if (slots < 1) {
            throw new IllegalArgumentException("a node has at least one slot: " + slots);
        }
        if (Untrusted.user(user).isEmpty()) {
            throw new IllegalArgumentException("not a user's name");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReadyNode that
                && node.equals(that.node)
                && address.equals(that.address)
                && user.equals(that.user)
                && slots == that.slots;
    }

    @Override
    public int hashCode() {
        return Objects.hash(node, address, user, slots);
    }
}
