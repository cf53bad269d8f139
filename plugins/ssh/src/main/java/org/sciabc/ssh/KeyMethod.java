// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/**
 * Login with a key (RFC 4252, 7), either signed at once, which saves a round trip, or as a question whether the server would
 * take it. Signatures are made in the thread that logs in: it can be interrupted, sshj's reader of packets cannot.
 */
final class KeyMethod extends AbstractAuthMethod {
    private final Identity identity;
    private final boolean isQuestion;

    /** Thrown through sshj to the one who asked: the server would take the key. */
    static final class Wanted extends UserAuthException {
        private static final long serialVersionUID = 1L;

        Wanted() {
            super("the key is wanted");
        }
    }

    private KeyMethod(Identity identity, boolean isQuestion) {
        super("publickey");
        this.identity = identity;
        this.isQuestion = isQuestion;
    }

    /** Asks whether the server would take the key. When it would, {@link Wanted} is thrown. */
    static KeyMethod question(Identity identity) {
        return new KeyMethod(identity, true);
    }

    /** Logs in. */
    static KeyMethod signed(Identity identity) {
        return new KeyMethod(identity, false);
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        SSHPacket packet = super.buildReq()
                .putBoolean(!isQuestion)
                .putString(identity.algorithm())
                .putBytes(identity.publicKey());
        if (!isQuestion) {
            byte[] signed = new Buffer.PlainBuffer()
                    .putBytes(params.getTransport().getSessionID())
                    .putBuffer(packet)
                    .getCompactData();
            packet.putBytes(signature(signed));
        }
        return packet;
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
        if (message == Message.USERAUTH_60 && isQuestion) {
            throw new Wanted();
        }
        super.handle(message, packet);
    }

    private byte[] signature(byte[] data) throws UserAuthException {
        try {
            return identity.sign(data);
        } catch (IOException | RuntimeException failure) {
            throw new UserAuthException("it could not sign", failure);
        }
    }
}
