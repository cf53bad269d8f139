// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.sciabc.spi.SciabcException;

/**
 * One SSH server that listens on the addresses of all nodes: the number of threads does not grow with the number of nodes.
 */
final class NodeServer implements AutoCloseable {
    private static final int PORTS_TO_TRY = 100;
    private static final int LOGIN_ATTEMPTS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Listener listener;
    private final List<ServerSocketChannel> silent = new ArrayList<>();

    NodeServer(NodeTable nodes, Login login, NodeCommands commands) {
        JdkEd25519Registrar.register();
        this.listener = configured(nodes, login, commands);
    }

    /**
     * Listens on the first free port of an address.
     *
     * @param port the port to begin with
     * @throws SciabcException when there is none
     */
    InetSocketAddress listen(InetAddress address, int port) throws SciabcException {
        return first(address, port, listener::listen);
    }

    /** The same, but nothing will ever be said to who connects. The system alone accepts: it takes no thread. */
    InetSocketAddress listenSilently(InetAddress address, int port) throws SciabcException {
        return first(address, port, endpoint -> {
            ServerSocketChannel channel = ServerSocketChannel.open();
            silent.add(channel);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(endpoint);
        });
    }

    /** Begins to listen somewhere. */
    @FunctionalInterface
    private interface Listening {
        void at(InetSocketAddress endpoint) throws IOException;
    }

    /** Another simulation may take a port between the look whether it is free and the listening there. */
    private static InetSocketAddress first(InetAddress address, int port, Listening listening) throws SciabcException {
        int candidate = port;
        while (true) {
            try {
                InetSocketAddress endpoint = firstFree(address, candidate, port + PORTS_TO_TRY);
                try {
                    listening.at(endpoint);
                    return endpoint;
                } catch (IOException takenMeanwhile) {
                    candidate = endpoint.getPort() + 1;
                }
            } catch (IOException refused) {
                throw unusable(address, port, refused);
            }
        }
    }

    /** Hangs up on everybody, which ends their commands. */
    @Override
    public void close() {
        listener.close(true).awaitUninterruptibly(PATIENCE.toMillis());
        for (ServerSocketChannel channel : silent) {
            try {
                channel.close();
            } catch (IOException closed) {
                // It listens no longer, which was the point.
            }
        }
    }

    private static Listener configured(NodeTable nodes, Login login, NodeCommands commands) {
        Listener listener = new Listener();
        ServerBuilder.builder()
                .factory(() -> listener)
                .channelFactories(List.of(NodeChannel.FACTORY))
                .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
                .build();
        listener.setKeyPairProvider(session ->
                nodes.find(session).map(SimulatedNode::hostKey).stream().toList());
        listener.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
        listener.setPasswordAuthenticator(login);
        listener.setPublickeyAuthenticator(login);
        listener.setCommandFactory(commands);
        listener.setShellFactory(commands);
        listener.setSubsystemFactories(commands.subsystems());
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(listener, LOGIN_ATTEMPTS);
        CoreModuleProperties.TCP_NODELAY.set(listener, true);
        // A job may say nothing for hours.
        CoreModuleProperties.IDLE_TIMEOUT.set(listener, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(listener, Duration.ZERO);
        // A client that closes its channel wants the command to end now, not in five seconds.
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(listener, Duration.ofMillis(1));
        return listener;
    }

    /** MINA reports a port that is taken as an error to the log; here it is nothing special. */
    private static InetSocketAddress firstFree(InetAddress address, int from, int to) throws IOException {
        IOException last = new IOException("no port left");
        for (int candidate = from; candidate < Math.min(to, 65_536); candidate++) {
            InetSocketAddress endpoint = new InetSocketAddress(address, candidate);
            try (ServerSocketChannel probe = ServerSocketChannel.open()) {
                probe.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(endpoint);
                return endpoint;
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw last;
    }

    private static SciabcException unusable(InetAddress address, int port, IOException refused) {
        return new SciabcException(
                "cannot simulate a node at " + address.getHostAddress(),
                "no port from " + port + " on can be listened on",
                port < 1_024
                        ? "ports below 1024 are the system's: '--set simulator.port=2222'"
                        : "'--set simulator.port=N' takes another range, '--set simulator.address=A' other addresses",
                refused);
    }

    /** What makes MINA's server listen on more than one address. */
    private static final class Listener extends SshServer {
        void listen(InetSocketAddress endpoint) throws IOException {
            if (isStarted()) {
                acceptor.bind(endpoint);
            } else {
                // Without a host it would listen on every network.
                setHost(endpoint.getAddress().getHostAddress());
                setPort(endpoint.getPort());
                start();
            }
        }
    }
}
