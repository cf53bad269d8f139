// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.sciabc.spi.Secret;

/**
 * The envelope of a group with a secret: AES-256 in GCM (NIST SP 800-38D). Each process has a key of its own, made from the
 * secret and a random session, and counts its datagrams, so that no key ever sees the same nonce twice. The counter tells a
 * datagram that was here before, as in IPsec (RFC 4303, section 3.4.3).
 *
 * <p>On the wire: {@link Envelope#MARK}, {@link Envelope#SEALED}, 16 bytes session, 8 bytes counter, ciphertext, 16 bytes tag; all
 * that stands before the ciphertext is authenticated with it.
 */
final class Seal implements Envelope {
    private static final int SESSION = 16;
    private static final int COUNTER = 8;
    private static final int HEADER = PREFIX + SESSION + COUNTER;
    private static final int TAG = 16;
    private static final int NONCE = 12;

    /** Time for whoever guesses secrets offline; some 0.1 s for us, once. */
    private static final int ROUNDS = 100_000;

    /** Sessions end when their process does; nobody says so, and the oldest are forgotten. */
    private static final int MOST_SESSIONS = 4_096;

    private final byte[] master;
    private final byte[] session = new byte[SESSION];
    private final SecretKey key;
    private final AtomicLong counter = new AtomicLong();
    private final Map<ByteBuffer, Sender> senders = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Sender> eldest) {
            return size() > MOST_SESSIONS;
        }
    };

    /** Somebody who has the secret. */
    private record Sender(SecretKey key, ReplayWindow window) {}

    /**
     * A seal of one process.
     *
     * @param cluster the cluster: the same secret does not open another one's datagrams
     */
    Seal(Secret secret, String cluster, SecureRandom random) {
        this.master = master(secret, cluster);
        random.nextBytes(session);
        this.key = sessionKey(session);
    }

    @Override
    public byte[] close(byte[] content, int offset, int length) {
        ByteBuffer datagram = ByteBuffer.allocate(HEADER + length + TAG);
        long number = counter.incrementAndGet();
        datagram.putInt(MARK).put(SEALED).put(session).putLong(number);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, number, datagram.array());
            cipher.doFinal(content, offset, length, datagram.array(), HEADER);
            return datagram.array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES/GCM", impossible);
        }
    }

    @Override
    public Opened open(byte[] datagram, int length) {
        Verdict kind = Envelope.kind(datagram, length);
        if (kind != Verdict.SEALED_TO_US) {
            return Opened.not(kind);
        }
        if (length < HEADER + TAG) {
            return Opened.not(Verdict.FORGED);
        }
        ByteBuffer header = ByteBuffer.wrap(datagram, PREFIX, SESSION + COUNTER);
        byte[] from = new byte[SESSION];
        header.get(from);
        long number = header.getLong();
        Sender sender = sender(from);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, sender.key(), number, datagram);
            byte[] content = cipher.doFinal(datagram, HEADER, length - HEADER);
            return isNew(from, sender, number) ? Opened.ours(content) : Opened.not(Verdict.REPLAYED);
        } catch (AEADBadTagException forged) {
            return Opened.not(Verdict.FORGED);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES/GCM", impossible);
        }
    }

    /** Who has not proved yet to have the secret is not remembered. */
    private Sender sender(byte[] from) {
        synchronized (senders) {
            Sender known = senders.get(ByteBuffer.wrap(from));
            return known != null ? known : new Sender(sessionKey(from), new ReplayWindow());
        }
    }

    private boolean isNew(byte[] from, Sender sender, long number) {
        synchronized (senders) {
            return senders.computeIfAbsent(ByteBuffer.wrap(from), unseen -> sender)
                    .window()
                    .accepts(number);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, long number, byte[] header) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = ByteBuffer.allocate(NONCE).putInt(0).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(header, 0, HEADER);
        return cipher;
    }

    private static byte[] master(Secret secret, String cluster) {
        byte[] salt = ("sciabc jgroups 1 " + cluster).getBytes(StandardCharsets.UTF_8);
        PBEKeySpec password = new PBEKeySpec(secret.characters(), salt, ROUNDS, 256);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(password)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no PBKDF2", impossible);
        } finally {
            password.clearPassword();
        }
    }

    private SecretKey sessionKey(byte[] of) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(master, "HmacSHA256"));
            mac.update("session".getBytes(StandardCharsets.US_ASCII));
            return new SecretKeySpec(mac.doFinal(of), "AES");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no HMAC", impossible);
        }
    }
}
