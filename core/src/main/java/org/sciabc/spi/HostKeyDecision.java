// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/** Decides about a host key that is seen for the first time; the host answers for the person, who may have been asked. */
@FunctionalInterface
public interface HostKeyDecision {
    /** Refuses every key that is not known already. */
    HostKeyDecision REFUSE = (node, fingerprint) -> false;

    /**
     * Whether to trust this key from now on. May block while a person reads; may be called from several threads at once.
     *
     * @param node the node that presented the key
     * @param fingerprint the key's type and SHA-256 fingerprint, such as {@code ED25519 SHA256:...}
     */
    boolean accept(Node node, String fingerprint);
}
