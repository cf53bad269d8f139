// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.SSHException;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** The way to an authenticated connection: an address that answers, keys exchanged, host key verified, logged in. */
final class Login {
    /** Servers hang up after some refused keys; beyond this many connections it is not worth while. */
    private static final int MOST_CONNECTIONS = 3;

    private final ConnectRequest request;
    private final SshSettings settings;
    private final Surroundings surroundings;
    private final Deadline deadline;
    private final KnownHosts knownHosts;

    Login(ConnectRequest request, SshSettings settings, Surroundings surroundings, Deadline deadline) {
        this.request = request;
        this.settings = settings;
        this.surroundings = surroundings;
        this.deadline = deadline;
        this.knownHosts = new KnownHosts(request.stateFolder(), surroundings.userFolder());
    }

    SshConnection connect() throws SciabcException, InterruptedException {
        Cryptography.warmUp();
        List<Endpoint> endpoints = Endpoint.of(request.node());
        if (endpoints.isEmpty()) {
            throw new SciabcException("not reachable", "the node has no address", "");
        }
        try (Identities identities = new Identities(request.stateFolder(), settings, surroundings, deadline)) {
            Authentication authentication =
                    new Authentication(request.user(), identities, request.password(), deadline);
            for (int connections = 1; connections <= MOST_CONNECTIONS; connections++) {
                Reached reached = new AddressRace(endpoints, deadline, surroundings.random()).run();
                HostKeyCheck check = new HostKeyCheck(request, reached.endpoint(), knownHosts, deadline);
                try {
                    Optional<SshConnection> connection = loggedIn(opened(reached, check), check, authentication);
                    if (connection.isPresent()) {
                        return connection.get();
                    }
                } catch (ConnectException failure) {
                    // Servers grant two minutes. A person who compared a key for longer need not do it again.
                    if (!check.hasAsked()
                            || check.refusal().isPresent()
                            || authentication.isOver()
                            || deadline.isPassed()) {
                        throw failure;
                    }
                }
            }
            throw refused(authentication);
        }
    }

    private Link opened(Reached reached, HostKeyCheck check) throws SciabcException, InterruptedException {
        deadline.entrust(reached.socket());
        try {
            return Link.open(reached, check, settings.patience());
        } catch (IOException | RuntimeException failure) {
            closeQuietly(reached.socket());
            throwWhenInterrupted(failure);
            if (check.refusal().isPresent()) {
                throw check.refusal().get();
            }
            throw deadline.isPassed() ? silent(reached.endpoint()) : notUnderstood(reached.endpoint(), failure);
        }
    }

    /** Empty when the server hung up before all was tried. */
    private Optional<SshConnection> loggedIn(Link link, HostKeyCheck check, Authentication authentication)
            throws SciabcException, InterruptedException {
        boolean isIn = false;
        try {
            Authentication.Outcome outcome = attempted(authentication, link);
            isIn = outcome == Authentication.Outcome.DONE;
            if (outcome == Authentication.Outcome.REFUSED) {
                throw refused(authentication);
            }
            return isIn
                    ? Optional.of(new SshConnection(link, check, settings.patience(), surroundings.random()))
                    : Optional.empty();
        } finally {
            if (!isIn) {
                link.close();
            }
        }
    }

    private Authentication.Outcome attempted(Authentication authentication, Link link)
            throws SciabcException, InterruptedException {
        try {
            Authentication.Outcome outcome = authentication.attempt(link);
            if (outcome != Authentication.Outcome.DONE && isTimeUp()) {
                throw unfinished("the node stopped answering in the middle of it, after " + seconds());
            }
            return outcome;
        } catch (IOException | RuntimeException failure) {
            throwWhenInterrupted(failure);
            throw unfinished(
                    isTimeUp() ? "the node stopped answering in the middle of it, after " + seconds() : said(failure));
        }
    }

    private static ConnectException unfinished(String why) {
        return new ConnectException(
                Kind.SILENT,
                "the login did not come to an end",
                why,
                "the machine may be overloaded: try again, or grant more time");
    }

    private ConnectException refused(Authentication authentication) {
        String hint = request.password().isPresent()
                ? "is the password right, and does the user exist there? --ask-password asks again,"
                        + " --user NAME logs in as another user"
                : "--ask-password logs in with a password, --user NAME as another user";
        return new ConnectException(
                Kind.AUTHENTICATION, "login as " + request.user() + " refused", authentication.account(), hint);
    }

    private ConnectException silent(Endpoint endpoint) {
        return new ConnectException(
                Kind.SILENT,
                "no SSH server answered",
                endpoint + ": the key exchange did not come to an end in " + seconds(),
                "the machine may be overloaded: try again, or grant more time");
    }

    private static ConnectException notUnderstood(Endpoint endpoint, Exception failure) {
        return new ConnectException(
                Kind.NOT_UNDERSTOOD,
                "no common language with the SSH server",
                endpoint + ": " + said(failure),
                "sciabc needs one of curve25519, ECDH or DH with SHA-2, AES in GCM or CTR, and a host key other than DSA",
                failure);
    }

    /** The alarm may be a moment late. */
    private boolean isTimeUp() {
        return deadline.isPassed() || deadline.left().toMillis() <= 1;
    }

    private String seconds() {
        return Math.max(1, deadline.limit().toSeconds()) + " s";
    }

    private static String said(Exception failure) {
        String said = Untrusted.line(String.valueOf(failure.getMessage()), 160);
        return failure.getMessage() == null || !(failure instanceof SSHException) || said.contains("EOF")
                ? "it hung up"
                : said;
    }

    private static void throwWhenInterrupted(Exception failure) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException broken) {
            // Nothing more was wanted of it.
            return;
        }
    }
}
