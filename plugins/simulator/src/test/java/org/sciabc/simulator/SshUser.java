// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.sciabc.spi.Node;

/** A person with an SSH client, who trusts a host key only when it is the announced one. */
final class SshUser implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SshClient client;
    private final Map<SocketAddress, String> announced = new ConcurrentHashMap<>();

    SshUser() {
        JdkEd25519Registrar.register();
        client = SshClient.setUpDefaultClient();
        // Keys of the person who runs the tests must not get anybody in.
        client.setKeyIdentityProvider(session -> List.<KeyPair>of());
        client.setServerKeyVerifier((session, address, key) -> fingerprint(key).equals(announced.get(address)));
        client.start();
    }

    /** What a command gave. */
    record Answer(String out, String err, int status) {}

    ClientSession connect(Node node, String user) throws IOException {
        InetSocketAddress endpoint = new InetSocketAddress(node.addresses().get(0), node.port());
        announced.put(endpoint, node.hostKey().orElseThrow());
        return client.connect(user, endpoint).verify(PATIENCE).getSession();
    }

    ClientSession withPassword(Node node, String user, String password) throws IOException {
        ClientSession session = connect(node, user);
        session.addPasswordIdentity(password);
        session.auth().verify(PATIENCE);
        return session;
    }

    ClientSession withKey(Node node, String user, KeyPair key) throws IOException {
        ClientSession session = connect(node, user);
        session.addPublicKeyIdentity(key);
        session.auth().verify(PATIENCE);
        return session;
    }

    private static String fingerprint(PublicKey key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    static Answer run(ClientSession session, String command) throws IOException {
        return run(session, command, InputStream.nullInputStream());
    }

    static Answer run(ClientSession session, String command, String input) throws IOException {
        return run(session, command, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    static Answer run(ClientSession session, String command, InputStream input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setIn(input);
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(PATIENCE);
            var events = channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            if (events.contains(ClientChannelEvent.TIMEOUT)) {
                throw new IOException("no end of: " + command);
            }
            Integer status = channel.getExitStatus();
            return new Answer(
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8),
                    status == null ? -1 : status);
        }
    }

    @Override
    public void close() {
        client.stop();
    }
}
