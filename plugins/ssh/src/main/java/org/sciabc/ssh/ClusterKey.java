// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** The cluster's own ed25519 key pair, in the two files that OpenSSH would make of it. */
final class ClusterKey {
    private static final String TYPE = "ssh-ed25519";
    private static final int HALF = 32;
    private static final int BLOCK = 8;

    private ClusterKey() {}

    /** Where the private half is. */
    static Path fileIn(Path stateFolder) {
        return stateFolder.resolve("id_ed25519");
    }

    /**
     * The public half, as a line for {@code authorized_keys}. Makes the pair when there is none; of several processes that do
     * so at once, one makes it.
     */
    static String publicLine(Path stateFolder, String cluster, SecureRandom random)
            throws SciabcException, InterruptedException {
        return publicLineOf(fileIn(stateFolder), Untrusted.line("sciabc " + cluster, 80), random);
    }

    /** Where the private half of the pair is with which nodes reach each other: a pair of its own, which opens nothing else. */
    static Path mutualFileIn(Path stateFolder) {
        return stateFolder.resolve("id_ed25519_mutual");
    }

    /** The public half of that pair; makes the pair when there is none. */
    static String mutualPublicLine(Path stateFolder, String cluster, SecureRandom random)
            throws SciabcException, InterruptedException {
        return publicLineOf(
                mutualFileIn(stateFolder), Untrusted.line("sciabc " + cluster + " between nodes", 80), random);
    }

    private static String publicLineOf(Path file, String comment, SecureRandom random)
            throws SciabcException, InterruptedException {
        AtomicFile privateFile = AtomicFile.ownerOnlyAt(file);
        if (privateFile.read().isEmpty()) {
            privateFile.update(present -> present.isPresent() ? present.get() : fresh(comment, random));
        }
        byte[] publicKey = read(file).publicKey();
        String line = TYPE + " " + Base64.getEncoder().encodeToString(publicKey) + " " + comment;
        AtomicFile publicFile = AtomicFile.at(file.resolveSibling(file.getFileName() + ".pub"));
        if (!publicFile.read().map(String::strip).equals(java.util.Optional.of(line))) {
            publicFile.update(present -> line + "\n");
        }
        return line;
    }

    private static FileIdentity read(Path file) throws SciabcException {
        try {
            return FileIdentity.read(file, "the cluster's key");
        } catch (SciabcException failure) {
            throw new SciabcException(
                    failure.what(),
                    failure.why(),
                    "move it away, and a new one is made; nodes that know the old one need the new one then",
                    failure);
        }
    }

    private static String fresh(String comment, SecureRandom random) throws SciabcException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] publicKey = Arrays.copyOfRange(encoded, encoded.length - HALF, encoded.length);
            byte[] privateKey = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            return armoured(publicKey, privateKey, comment, random.nextInt());
        } catch (GeneralSecurityException missing) {
            throw new SciabcException(
                    "cannot make a key for the cluster",
                    "this Java runtime has no Ed25519",
                    "use another one",
                    missing);
        }
    }

    /** The form that OpenSSH describes in PROTOCOL.key, without encryption. */
    private static String armoured(byte[] publicKey, byte[] privateKey, String comment, int check) {
        byte[] publicBlob =
                new Buffer.PlainBuffer().putString(TYPE).putBytes(publicKey).getCompactData();
        Buffer.PlainBuffer secret = new Buffer.PlainBuffer()
                .putUInt32FromInt(check)
                .putUInt32FromInt(check)
                .putString(TYPE)
                .putBytes(publicKey)
                .putUInt32(2L * HALF)
                .putRawBytes(privateKey)
                .putRawBytes(publicKey)
                .putString(comment);
        for (byte padding = 1; secret.available() % BLOCK != 0; padding++) {
            secret.putByte(padding);
        }
        byte[] all = new Buffer.PlainBuffer()
                .putRawBytes("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
                .putString("none")
                .putString("none")
                .putString("")
                .putUInt32(1)
                .putBytes(publicBlob)
                .putBytes(secret.getCompactData())
                .getCompactData();
        String base64 = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(all);
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64 + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }
}
