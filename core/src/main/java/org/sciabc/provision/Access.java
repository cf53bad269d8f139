// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Settings;

/**
 * The way to the nodes: how they are reached, as whom, and with which password. Connections stay open until this is closed,
 * so that planning, provisioning and what follows connect once.
 */
public final class Access implements AutoCloseable {
    /** For what a node that is alive and busy still has to end: the contract gives it fifteen seconds. All are closed at once. */
    private static final Duration FAREWELL = Duration.ofSeconds(17);

    private final Provisioner provisioner;
    private final Settings settings;
    private final Path stateFolder;
    private final Function<Node, ChosenUser> users;
    private final Function<Node, Optional<Secret>> passwords;
    private final HostKeyDecision hostKeys;
    private final Duration patience;
    private final boolean takesPassword;
    private final Map<Node, NodeConnection> open = new ConcurrentHashMap<>();
    private final Farewells farewells = new Farewells();

    /**
     * A way.
     *
     * @param stateFolder the cluster's private folder on the manager
     * @param users the account for each node
     * @param passwords the password for each node, for login and for sudo; absent means keys alone
     * @param hostKeys decides about host keys that are seen for the first time
     * @param patience how long connecting to one node may take
     */
    public Access(
            Provisioner provisioner,
            Settings settings,
            Path stateFolder,
            Function<Node, ChosenUser> users,
            Function<Node, Optional<Secret>> passwords,
            HostKeyDecision hostKeys,
            Duration patience) {
        this.provisioner = provisioner;
        this.settings = settings;
        this.stateFolder = stateFolder;
        this.users = users;
        this.passwords = passwords;
        this.hostKeys = hostKeys;
        this.patience = patience;
        this.takesPassword = provisioner.supports(Provisioner.Feature.PASSWORD);
    }

    ChosenUser user(Node node) {
        return users.apply(node);
    }

    Optional<Secret> password(Node node) {
        return passwords.apply(node);
    }

    /** The connection to a node, made where there is none. The deadline stands still while a person decides. */
    NodeConnection connection(Node node, Deadline deadline) throws SciabcException, InterruptedException {
        NodeConnection known = open.get(node);
        if (known != null) {
            return known;
        }
        // One that takes no password has to refuse it, and sudo on the node may want it all the same.
        Optional<Secret> forLogin = takesPassword ? passwords.apply(node) : Optional.empty();
        NodeConnection fresh = connect(node, users.apply(node).name(), forLogin, deadline);
        open.put(node, fresh);
        return fresh;
    }

    /** Proves that the node lets an account in with keys alone, as launchers need it. */
    void proveKeyLogin(Node node, String user, Deadline deadline) throws SciabcException, InterruptedException {
        connect(node, user, Optional.empty(), deadline).close();
    }

    private NodeConnection connect(Node node, String user, Optional<Secret> password, Deadline deadline)
            throws SciabcException, InterruptedException {
        HostKeyDecision unhurried = (asked, fingerprint) -> {
            deadline.pause();
            try {
                return hostKeys.accept(asked, fingerprint);
            } finally {
                deadline.resume();
            }
        };
        return provisioner.connect(
                new ConnectRequest(node, user, settings, stateFolder, password, unhurried, patience));
    }

    /** Has the connection to one node closed, and does not wait for it; the next use connects anew. */
    public void drop(Node node) {
        Optional.ofNullable(open.remove(node)).ifPresent(farewells::begin);
    }

    /** Closes all connections, and leaves those behind that take too long for it. */
    @Override
    public void close() {
        close(FAREWELL);
    }

    void close(Duration atMost) {
        open.keySet().forEach(this::drop);
        farewells.await(atMost);
    }
}
