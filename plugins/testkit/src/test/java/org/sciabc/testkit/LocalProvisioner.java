// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pf4j.Extension;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/** A provisioner that does all that it should, with this machine for every node. The broken ones inherit from it. */
@Extension
public class LocalProvisioner implements Provisioner {
    static final String PASSWORD = "right";
    private static final String FINGERPRINT = "ED25519 SHA256:" + "B".repeat(43);

    /** For the host. */
    public LocalProvisioner() {}

    @Override
    public String id() {
        return "local";
    }

    @Override
    public String summary() {
        return "takes this machine for every node";
    }

    @Override
    public NodeConnection connect(ConnectRequest request) throws SciabcException, InterruptedException {
        greet(request.node(), request.timeout());
        checkKey(request);
        checkPassword(request.password());
        return connection(request.stateFolder().resolveSibling("home"));
    }

    @Override
    public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
        return new RemoteShell(List.of("/bin/sh", "-c", "shift; exec /bin/sh -c \"$*\"", "sh"));
    }

    /** A node says something when one connects to it. */
    void greet(Node node, Duration timeout) throws SciabcException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(node.addresses().get(0), node.port());
        try (SocketChannel channel = SocketChannel.open()) {
            CompletableFuture<Integer> greeting = CompletableFuture.supplyAsync(() -> greeting(channel, address));
            if (greeting.get(timeout.toMillis(), TimeUnit.MILLISECONDS) < 0) {
                throw new ConnectException(Kind.SILENT, "cannot connect", "it hung up", "");
            }
        } catch (TimeoutException e) {
            throw new ConnectException(Kind.SILENT, "cannot connect", "it says nothing", "", e);
        } catch (ExecutionException | IOException e) {
            throw new ConnectException(Kind.UNREACHABLE, "cannot connect", "nothing answers", "", e);
        }
    }

    private static int greeting(SocketChannel channel, InetSocketAddress address) {
        try {
            channel.connect(address);
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void checkKey(ConnectRequest request) throws SciabcException {
        Path known = request.stateFolder().resolve("known");
        if (Files.exists(known)) {
            return;
        }
        if (!request.hostKeyDecision().accept(request.node(), FINGERPRINT)) {
            throw new ConnectException(Kind.HOST_KEY_UNKNOWN, "cannot connect", "its key is not known", "");
        }
        remember(known);
    }

    void remember(Path known) throws SciabcException {
        AtomicFile.ownerOnlyAt(known).write(FINGERPRINT);
    }

    void checkPassword(Optional<Secret> password) throws SciabcException {
        if (password.isPresent() && !new String(password.get().characters()).equals(PASSWORD)) {
            throw wrong(password.get());
        }
    }

    SciabcException wrong(Secret password) {
        return new ConnectException(Kind.AUTHENTICATION, "cannot log in", "it does not take this password", "");
    }

    NodeConnection connection(Path home) {
        return new LocalConnection(home);
    }
}
