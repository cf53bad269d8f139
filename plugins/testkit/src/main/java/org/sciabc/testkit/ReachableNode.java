// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.Optional;
import org.sciabc.spi.Node;
import org.sciabc.spi.Secret;

/**
 * A node that runs, and what it takes to log in there.
 *
 * @param node the node
 * @param user an account on it
 * @param password the account's password; absent when keys, or nothing, let the manager in
 */
public record ReachableNode(Node node, String user, Optional<Secret> password) {

    /**
     * A node that lets the manager in without a password.
     *
     * @param node the node
     * @param user an account on it
     * @return both
     */
    public static ReachableNode of(Node node, String user) {
        return new ReachableNode(node, user, Optional.empty());
    }

    /**
     * The same with a password.
     *
     * @param text the account's password
     * @return this with the password
     */
    public ReachableNode withPassword(String text) {
        return new ReachableNode(node, user, Optional.of(Secret.of(text)));
    }
}
