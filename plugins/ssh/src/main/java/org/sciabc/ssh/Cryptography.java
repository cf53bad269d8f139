// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;

/** The first use of the JDK's cryptography takes some 80 ms: it begins while the first node is still being looked for. */
final class Cryptography implements Runnable {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private Cryptography() {}

    /** Gets ready what nearly every connection needs, beside the caller and once. */
    static void warmUp() {
        if (!BEGUN.getAndSet(true)) {
            Workers.POOL.execute(new Cryptography());
        }
    }

    @Override
    public void run() {
        try {
            SshjConfig.shared();
            KeyPairGenerator.getInstance("X25519").generateKeyPair();
            KeyAgreement.getInstance("X25519");
            KeyFactory.getInstance("Ed25519");
            Signature.getInstance("Ed25519");
            Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            // Whoever needs it says so.
            return;
        }
    }
}
