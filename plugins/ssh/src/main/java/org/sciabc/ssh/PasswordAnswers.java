// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.util.List;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.Resource;
import org.sciabc.spi.Secret;

/**
 * Answers what a server asks in the method keyboard-interactive (RFC 4256): the first hidden answer is the password, in
 * whatever language it is asked for. A second question is for something that is not known, such as a new password.
 */
final class PasswordAnswers implements ChallengeResponseProvider {
    private final Secret password;
    private boolean isGiven;
    private boolean isMoreWanted;

    PasswordAnswers(Secret password) {
        this.password = password;
    }

    /** Whether more was asked for than a password. */
    boolean isMoreWanted() {
        return isMoreWanted;
    }

    @Override
    public List<String> getSubmethods() {
        return List.of();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void init(Resource resource, String name, String instruction) {}

    @Override
    public char[] getResponse(String prompt, boolean echo) {
        if (echo || isGiven) {
            isMoreWanted = true;
            return new char[0];
        }
        isGiven = true;
        return password.characters();
    }

    @Override
    public boolean shouldRetry() {
        return false;
    }
}
