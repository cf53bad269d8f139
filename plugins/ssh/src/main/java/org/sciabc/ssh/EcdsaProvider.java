// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.List;
import java.util.Map;
import net.schmizz.sshj.common.SecurityUtils;

/**
 * The JDK's elliptic curve keys under the name ECDSA, by which sshj asks for them. With it the JDK's own providers do, and
 * BouncyCastle stays out: 10 MB, and 400 ms before the first connection.
 */
final class EcdsaProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private EcdsaProvider() {
        super("sciabc-ecdsa", "1", "EC keys of the JDK under the name ECDSA");
        putService(new Service(this, "KeyFactory", "ECDSA", EcKeys.class.getName(), List.of(), Map.of()) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                return new EcKeys();
            }
        });
    }

    /** Makes sshj work with the JDK's providers alone. May be called again. */
    static void install() {
        SecurityUtils.setRegisterBouncyCastle(false);
        Security.addProvider(new EcdsaProvider());
    }

    private static final class EcKeys extends KeyFactorySpi {
        private final KeyFactory keys;

        EcKeys() throws NoSuchAlgorithmException {
            keys = KeyFactory.getInstance("EC");
        }

        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            return keys.generatePublic(spec);
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
            return keys.generatePrivate(spec);
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> spec) throws InvalidKeySpecException {
            return keys.getKeySpec(key, spec);
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            return keys.translateKey(key);
        }
    }
}
