// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.signature.Signature;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** A private key that lies unencrypted in a file, in OpenSSH's own form or in PEM. */
final class FileIdentity implements Identity {
    private final String label;
    private final KeyAlgorithm algorithm;
    private final PublicKey publicKey;
    private final PrivateKey privateKey;

    private FileIdentity(String label, KeyAlgorithm algorithm, PublicKey publicKey, PrivateKey privateKey) {
        this.label = label;
        this.algorithm = algorithm;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /**
     * Reads a key.
     *
     * @throws SciabcException whose {@code why} says in a few words what is wrong with it
     */
    static FileIdentity read(Path file, String label) throws SciabcException {
        // The providers do for sshj what its own configuration would do: they have to be there before a key is read.
        SshjConfig.shared();
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            FileKeyProvider keys =
                    text.contains("BEGIN OPENSSH PRIVATE KEY") ? new OpenSSHKeyV1KeyFile() : new PKCS8KeyFile();
            keys.init(new StringReader(text));
            return new FileIdentity(label, algorithm(keys.getPublic()), keys.getPublic(), keys.getPrivate());
        } catch (NoSuchFileException absent) {
            throw unreadable(file, "there is no such file", absent);
        } catch (AccessDeniedException denied) {
            throw unreadable(file, "permission denied", denied);
        } catch (IOException | RuntimeException failure) {
            throw unreadable(file, "encrypted, or not a private key", failure);
        }
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String algorithm() {
        return algorithm.getKeyAlgorithm();
    }

    @Override
    public byte[] publicKey() {
        return new Buffer.PlainBuffer().putPublicKey(publicKey).getCompactData();
    }

    @Override
    public boolean signsReluctantly() {
        return false;
    }

    @Override
    public byte[] sign(byte[] data) {
        Signature signature = algorithm.newSignature();
        signature.initSign(privateKey);
        signature.update(data);
        return new Buffer.PlainBuffer()
                .putString(signature.getSignatureName())
                .putBytes(signature.encode(signature.sign()))
                .getCompactData();
    }

    private static KeyAlgorithm algorithm(PublicKey key) throws IOException {
        return switch (KeyType.fromKey(key)) {
            case ED25519 -> KeyAlgorithms.EdDSA25519().create();
            case ECDSA256 -> KeyAlgorithms.ECDSASHANistp256().create();
            case ECDSA384 -> KeyAlgorithms.ECDSASHANistp384().create();
            case ECDSA521 -> KeyAlgorithms.ECDSASHANistp521().create();
            case RSA -> KeyAlgorithms.RSASHA512().create();
            default -> throw new IOException("a kind of key that is not known");
        };
    }

    private static SciabcException unreadable(Path file, String why, Exception cause) {
        return new SciabcException("cannot use the key " + Untrusted.line(file.toString(), 200), why, "", cause);
    }
}
