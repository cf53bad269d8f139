// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/** Key pairs for tests. */
final class TestKeys {
    private TestKeys() {}

    static KeyPair ed25519() {
        return pair(KeyPairProvider.SSH_ED25519, 256);
    }

    static KeyPair rsa() {
        return pair(KeyPairProvider.SSH_RSA, 2048);
    }

    static KeyPair ecdsa(int bits) {
        return pair("ecdsa-sha2-nistp" + bits, bits);
    }

    static KeyPair ofType(String type) {
        return switch (type) {
            case KeyPairProvider.SSH_ED25519 -> ed25519();
            case KeyPairProvider.SSH_RSA -> rsa();
            default -> ecdsa(Integer.parseInt(type.replaceAll("\\D*2-nistp", "")));
        };
    }

    /** The key of a line as in authorized_keys. */
    static PublicKey ofLine(String line) throws IOException, GeneralSecurityException {
        return AuthorizedKeyEntry.parseAuthorizedKeyEntry(line).resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
    }

    private static KeyPair pair(String type, int bits) {
        try {
            return KeyUtils.generateKeyPair(type, bits);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
