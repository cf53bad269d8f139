// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.SciabcException;

/** Decides about the key that a node presents, before anything secret is sent to it. */
final class HostKeyCheck implements HostKeyVerifier {
    private final ConnectRequest request;
    private final Endpoint endpoint;
    private final KnownHosts knownHosts;
    private final Deadline deadline;
    private volatile @Nullable SciabcException refusal;
    private volatile @Nullable PublicKey accepted;
    private volatile boolean asked;

    HostKeyCheck(ConnectRequest request, Endpoint endpoint, KnownHosts knownHosts, Deadline deadline) {
        this.request = request;
        this.endpoint = endpoint;
        this.knownHosts = knownHosts;
        this.deadline = deadline;
    }

    /** Why the key was refused, when it was. */
    Optional<SciabcException> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The fingerprint of the key that was accepted; empty before that. */
    Optional<String> accepted() {
        PublicKey key = accepted;
        return key == null ? Optional.empty() : Optional.of(HostKey.of(key).sha256());
    }

    /** Whether somebody had to decide, and may have taken long to. */
    boolean hasAsked() {
        return asked;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        if (key.equals(accepted)) {
            // Keys are exchanged again in the middle of long connections; whoever decided is not asked again.
            return true;
        }
        try {
            decide(HostKey.of(key));
            accepted = key;
            return true;
        } catch (SciabcException refused) {
            refusal = refused;
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        try {
            List<String> algorithms = new ArrayList<>();
            for (HostKey key : knownHosts.keysOf(request.node(), endpoint)) {
                algorithms.addAll(key.algorithms());
            }
            return algorithms;
        } catch (SciabcException unreadable) {
            // verify() reads the same file, and there the failure can be said.
            return List.of();
        }
    }

    private void decide(HostKey key) throws SciabcException, InterruptedException {
        KnownHosts.Verdict verdict = knownHosts.verdict(request.node(), endpoint, key);
        if (verdict instanceof KnownHosts.Changed changed) {
            throw changed(key, changed);
        }
        if (verdict instanceof KnownHosts.Unknown) {
            ask(key);
        }
        if (Thread.interrupted()) {
            // Whoever was asked has been called off meanwhile: nothing is kept of what he said.
            throw new InterruptedException();
        }
        knownHosts.remember(request.node(), endpoint, key);
    }

    private void ask(HostKey key) throws ConnectException {
        Optional<String> announced = request.node().hostKey();
        if (announced.isPresent() && !announced.get().equals(key.sha256())) {
            throw new ConnectException(
                    ConnectException.Kind.HOST_KEY_UNKNOWN,
                    "the host key is not the one that was announced",
                    "announced is " + announced.get() + ", presented is " + key.fingerprint(),
                    "another machine may be in between, or the announcement may be old: compare with"
                            + " 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub' on the node, and announce it again");
        }
        if (!isAccepted(key)) {
            throw new ConnectException(
                    ConnectException.Kind.HOST_KEY_UNKNOWN,
                    "the host key is not known",
                    key.fingerprint() + " was not accepted",
                    "compare it with 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub' on the node;"
                            + " --accept-new-host-keys trusts keys that are seen for the first time");
        }
    }

    private boolean isAccepted(HostKey key) {
        asked = true;
        deadline.pause();
        try {
            return request.hostKeyDecision().accept(request.node(), key.fingerprint());
        } finally {
            deadline.resume();
        }
    }

    private ConnectException changed(HostKey presented, KnownHosts.Changed changed) {
        return new ConnectException(
                ConnectException.Kind.HOST_KEY_CHANGED,
                "the host key has changed",
                "known is " + changed.known().fingerprint() + ", presented is " + presented.fingerprint()
                        + ": the machine was installed anew, another one has its address, or somebody is in between",
                "if you know why, forget the old key with: ssh-keygen -R '" + changed.name() + "' -f '"
                        + knownHosts.file() + "'");
    }
}
