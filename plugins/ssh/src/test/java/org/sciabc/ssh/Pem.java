// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** Keys as OpenSSH wrote them before it had a form of its own. */
final class Pem {
    /** What PKCS#8 puts before an RSA key of 2048 bits: version, algorithm, and the beginning of the key. */
    private static final int PKCS8_HEADER = 26;

    private Pem() {}

    static String pkcs1(PrivateKey rsa) {
        byte[] pkcs8 = rsa.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_HEADER, pkcs8.length);
        return "-----BEGIN RSA PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs1)
                + "\n-----END RSA PRIVATE KEY-----\n";
    }
}
