// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.security.MessageDigest;
import java.security.PublicKey;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.sciabc.spi.Secret;

/**
 * Who may log in: the account that everything runs as, and nobody else. The nodes are on loopback addresses, which every
 * account of this machine can connect to.
 *
 * @param user the account
 * @param password its password on every node
 * @param nodes which node a session is for
 */
record Login(String user, Secret password, NodeTable nodes) implements PasswordAuthenticator, PublickeyAuthenticator {

    @Override
    public boolean authenticate(String name, String given, ServerSession session) {
        // In the same time, whatever was given.
        return MessageDigest.isEqual(Secret.of(given).utf8(), password.utf8()) && name.equals(user);
    }

    @Override
    public boolean authenticate(String name, PublicKey key, ServerSession session) {
        return name.equals(user)
                && nodes.find(session)
                        .filter(node -> new AuthorizedKeys(node.home()).contain(key))
                        .isPresent();
    }
}
