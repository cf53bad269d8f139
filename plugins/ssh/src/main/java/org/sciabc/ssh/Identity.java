// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;

/** A key pair with which to log in; the private half may be out of reach. */
interface Identity {
    /** What it is, for a message, such as {@code the cluster's key}. */
    String label();

    /** How it signs, such as {@code ssh-ed25519} or {@code rsa-sha2-512}. */
    String algorithm();

    /** The public key in the form of RFC 4253. */
    byte[] publicKey();

    /** Whether a signature costs somebody something: then the server is asked first whether it would take this key. */
    boolean signsReluctantly();

    /**
     * Signs.
     *
     * @return the signature in the form of RFC 4253: how it was made, and its bytes
     */
    byte[] sign(byte[] data) throws IOException;
}
