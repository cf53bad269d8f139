// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

/** Host keys to compare. */
final class HostKeys {
    static final HostKey A = HostKey.of(TestKeys.ed25519().getPublic());
    static final HostKey B = HostKey.of(TestKeys.ed25519().getPublic());
    static final HostKey OF_RSA = HostKey.of(TestKeys.rsa().getPublic());

    private HostKeys() {}
}
