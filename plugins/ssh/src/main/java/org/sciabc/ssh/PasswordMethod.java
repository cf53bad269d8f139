// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.util.Arrays;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;
import org.sciabc.spi.Secret;

/** Login with a password (RFC 4252, 8). sshj's own answers an expired password with an empty new one. */
final class PasswordMethod extends AbstractAuthMethod {
    private final Secret password;

    PasswordMethod(Secret password) {
        super("password");
        this.password = password;
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        char[] characters = password.characters();
        try {
            return super.buildReq().putBoolean(false).putSensitiveString(characters);
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
        if (message == Message.USERAUTH_60) {
            throw new UserAuthException("it has expired, and has to be changed by hand");
        }
        super.handle(message, packet);
    }
}
