// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.sciabc.spi.Node;

/** An SSH server inside this JVM, on a port of 127.0.0.1: a node, as far as SSH is concerned. */
final class MinaNode implements AutoCloseable {
    private final SshServer server = SshServer.setUpDefaultServer();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Set<PublicKey> keys = ConcurrentHashMap.newKeySet();
    private final List<String> attempts = new CopyOnWriteArrayList<>();

    private MinaNode(KeyPair hostKey, Path home, List<String> shell) {
        server.setHost("127.0.0.1");
        server.setPort(0);
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPasswordAuthenticator((PasswordAuthenticator) (user, password, session) -> {
            attempts.add("password");
            return password.equals(passwords.get(user));
        });
        server.setPublickeyAuthenticator((PublickeyAuthenticator) (user, key, session) -> {
            attempts.add("key " + KeyUtils.getKeyType(key));
            return keys.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
        });
        server.setCommandFactory((channel, command) -> new LoginShell(shell, home, command));
    }

    /** A node with an ed25519 key and a POSIX login shell, not started yet. */
    static MinaNode in(Path home) throws IOException {
        return in(home, TestKeys.ed25519(), List.of("/bin/sh", "-c"));
    }

    /** A node with this key and this login shell, not started yet. */
    static MinaNode in(Path home, KeyPair hostKey, List<String> shell) throws IOException {
        return new MinaNode(hostKey, Files.createDirectories(home), shell);
    }

    MinaNode withPassword(String user, String password) {
        passwords.put(user, password);
        return this;
    }

    MinaNode withKey(PublicKey key) {
        keys.add(key);
        return this;
    }

    /** For what few tests need. */
    SshServer server() {
        return server;
    }

    MinaNode start() throws IOException {
        server.start();
        return this;
    }

    int port() {
        return server.getPort();
    }

    /** What was tried to log in, in order. */
    List<String> attempts() {
        return List.copyOf(attempts);
    }

    Node node() {
        return Node.of("mina", List.of(InetAddress.getLoopbackAddress())).withPort(port());
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
