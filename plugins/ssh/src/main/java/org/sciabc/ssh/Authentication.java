// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuth;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.UserAuthImpl;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthNone;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Untrusted;

/**
 * Logs in to one node: keys first, then the password. It remembers what was tried, so that it can go on over another
 * connection when the server hangs up after some refusals.
 */
final class Authentication {
    /** OpenSSH hangs up at the sixth refusal (MaxAuthTries): of these, two are left for the password. */
    private static final int MOST_KEYS_BEFORE_A_PASSWORD = 4;

    private static final int MOST_KEYS = 5;

    private final String user;
    private final Identities identities;
    private final Optional<Secret> password;
    private final Deadline deadline;
    private final List<String> tried = new ArrayList<>();
    private int keysLeft;
    private boolean passwordIsTried;

    /** How an attempt ended. */
    enum Outcome {
        /** Logged in. */
        DONE,
        /** All was refused. */
        REFUSED,
        /** The server hung up, and there is something left to be tried. */
        HUNG_UP
    }

    Authentication(String user, Identities identities, Optional<Secret> password, Deadline deadline) {
        this.user = user;
        this.identities = identities;
        this.password = password;
        this.deadline = deadline;
        this.keysLeft = password.isPresent() ? MOST_KEYS_BEFORE_A_PASSWORD : MOST_KEYS;
    }

    /** Tries over this connection what was not tried yet. */
    Outcome attempt(Link link) throws IOException {
        int before = tried.size();
        try {
            return new Attempt(link).succeeds() ? Outcome.DONE : Outcome.REFUSED;
        } catch (SSHException failure) {
            boolean isProgress = tried.size() > before;
            if (Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            if (isProgress && isAnythingLeft()) {
                return Outcome.HUNG_UP;
            }
            if (isProgress) {
                tried.add("then the server hung up" + said(failure));
                return Outcome.REFUSED;
            }
            throw failure;
        }
    }

    /** Whether something was tried, and nothing is left. */
    boolean isOver() {
        return !tried.isEmpty() && !isAnythingLeft();
    }

    /** What was tried, and what became of it, for a message. */
    String account() {
        List<String> all = new ArrayList<>(tried);
        all.addAll(identities.unusable());
        if (identities.left() > 0) {
            all.add(identities.left() + " more " + (identities.left() == 1 ? "key" : "keys") + " (too many to try)");
        }
        return all.isEmpty() ? "there is no key to try, and no password" : "tried " + String.join(", ", all);
    }

    private boolean isAnythingLeft() {
        return (password.isPresent() && !passwordIsTried) || (keysLeft > 0 && identities.left() > 0);
    }

    private static String said(SSHException failure) {
        String said = Untrusted.line(String.valueOf(failure.getMessage()), 80);
        return failure.getMessage() == null || said.contains("EOF") ? "" : ": '" + said + "'";
    }

    /** The exchange over one connection. */
    private final class Attempt {
        private final Link link;
        private final UserAuth server;
        private Collection<String> allowed = List.of();

        Attempt(Link link) {
            this.link = link;
            this.server = new UserAuthImpl(link.transport());
        }

        boolean succeeds() throws IOException {
            return keyIsAccepted() || passwordIsAccepted();
        }

        private boolean keyIsAccepted() throws IOException {
            while (keysLeft > 0 && allows("publickey")) {
                Optional<Identity> identity = identities.next();
                if (identity.isEmpty()) {
                    return false;
                }
                if (isAccepted(identity.get())) {
                    return true;
                }
            }
            return false;
        }

        private boolean isAccepted(Identity identity) throws IOException {
            // Noted before, so that it is not tried again when the server hangs up over it.
            keysLeft--;
            tried.add(identity.label() + " (refused)");
            try {
                if (identity.signsReluctantly() && !isWanted(identity)) {
                    return false;
                }
                return isAccepted(KeyMethod.signed(identity));
            } catch (UserAuthException failure) {
                rethrowUnlessOurs(failure);
                tried.set(tried.size() - 1, identity.label() + " (could not sign)");
                return false;
            }
        }

        private boolean isWanted(Identity identity) throws IOException {
            try {
                isAccepted(KeyMethod.question(identity));
                return false;
            } catch (KeyMethod.Wanted wanted) {
                return true;
            }
        }

        private boolean passwordIsAccepted() throws IOException {
            if (allowed.isEmpty() && isAccepted(new AuthNone())) {
                return true;
            }
            if (password.isEmpty() || passwordIsTried) {
                return false;
            }
            if (!allows("password") && !allows("keyboard-interactive")) {
                passwordIsTried = true;
                tried.add("password (the server allows only " + Untrusted.line(String.join(", ", allowed), 80) + ")");
                return false;
            }
            passwordIsTried = true;
            tried.add("password (refused)");
            // One of the two: both ask the same, and a wrong password would count twice where accounts are locked.
            return allows("password") ? isAcceptedAtOnce(password.get()) : isAcceptedAsAnswer(password.get());
        }

        private boolean isAcceptedAtOnce(Secret secret) throws IOException {
            try {
                return isAccepted(new PasswordMethod(secret));
            } catch (UserAuthException failure) {
                rethrowUnlessOurs(failure);
                tried.set(tried.size() - 1, "password (" + failure.getMessage() + ")");
                return false;
            }
        }

        private boolean isAcceptedAsAnswer(Secret secret) throws IOException {
            PasswordAnswers answers = new PasswordAnswers(secret);
            boolean isAccepted = isAccepted(new AuthKeyboardInteractive(answers));
            if (!isAccepted && answers.isMoreWanted()) {
                tried.set(tried.size() - 1, "password (the server asks for more than that)");
            }
            return isAccepted;
        }

        private boolean isAccepted(AuthMethod method) throws UserAuthException, TransportException {
            // Bounded, because sshj may forget that the connection broke just before a request.
            int left = (int)
                    Math.max(1, Math.min(Integer.MAX_VALUE, deadline.left().toMillis()));
            link.transport().setTimeoutMs(left);
            boolean isAccepted = server.authenticate(user, link.connection(), method, left);
            link.transport().setTimeoutMs(Integer.MAX_VALUE);
            allowed = List.copyOf(server.getAllowedMethods());
            return isAccepted;
        }

        private boolean allows(String method) {
            return allowed.isEmpty() || allowed.contains(method);
        }

        /** What sshj passes on from the connection has a cause that is not about logging in. */
        private void rethrowUnlessOurs(UserAuthException failure) throws UserAuthException {
            if (failure.getCause() instanceof SSHException
                    || failure.getCause() instanceof InterruptedException
                    || failure.getCause() instanceof TimeoutException) {
                throw failure;
            }
        }
    }
}
