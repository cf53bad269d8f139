// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/** Tells MINA of {@link JdkEd25519}, and of nothing else: all other algorithms it finds in the JDK by itself. */
final class JdkEd25519Registrar extends AbstractSecurityProviderRegistrar {
    private final Provider provider;

    private JdkEd25519Registrar(Provider provider) {
        super(provider.getName());
        this.provider = provider;
    }

    /** Registers once, however often it is called. */
    static void register() {
        try {
            SecurityUtils.registerSecurityProvider(new JdkEd25519Registrar(
                    KeyFactory.getInstance(JdkEd25519.ALGORITHM).getProvider()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("a JDK of version 15 or later has " + JdkEd25519.ALGORITHM, impossible);
        }
    }

    @Override
    public Provider getSecurityProvider() {
        return provider;
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    @Override
    public boolean isNamedProviderUsed() {
        return false;
    }

    @Override
    public boolean isSecurityEntitySupported(Class<?> entityType, String name) {
        return false;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(new JdkEd25519());
    }
}
