// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;

/** A provisioner as the host hands it out. */
final class GuardedProvisioner extends GuardedComponent implements Provisioner {
    private final Provisioner provisioner;

    GuardedProvisioner(ComponentInfo info, Provisioner provisioner, PluginCalls calls) {
        super(info, provisioner, calls);
        this.provisioner = provisioner;
    }

    @Override
    public boolean supports(Feature feature) {
        return calls.answer("supports", () -> provisioner.supports(feature));
    }

    @Override
    public NodeConnection connect(ConnectRequest request) throws SciabcException, InterruptedException {
        NodeConnection connection = calls.work("connect", () -> provisioner.connect(request));
        return new GuardedConnection(connection, calls);
    }

    @Override
    public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
        return calls.attempt("remoteShell", () -> provisioner.remoteShell(request));
    }

    @Override
    public List<ReadyNode> unknown(RemoteShellRequest request) throws SciabcException {
        return calls.attempt("unknown", () -> provisioner.unknown(request));
    }

    @Override
    public Optional<OpenConnections> openConnections() {
        return calls.answer("openConnections", provisioner::openConnections)
                .map(connections -> new GuardedConnections(connections, calls));
    }

    private record GuardedConnections(OpenConnections connections, PluginCalls calls) implements OpenConnections {
        @Override
        public List<OpenConnection> list(StandingRequest request) throws SciabcException, InterruptedException {
            return calls.work("list", () -> connections.list(request));
        }

        @Override
        public int close(StandingRequest request, Set<InetAddress> nodes) throws SciabcException, InterruptedException {
            return calls.work("close", () -> connections.close(request, nodes));
        }

        @Override
        public void closeOwn(StandingRequest request) throws SciabcException, InterruptedException {
            calls.work("closeOwn", () -> {
                connections.closeOwn(request);
                return true;
            });
        }
    }

    private record GuardedConnection(NodeConnection connection, PluginCalls calls) implements NodeConnection {
        @Override
        public ExitStatus run(RemoteCommand command, CommandStreams streams)
                throws SciabcException, InterruptedException {
            return calls.work("run", () -> connection.run(command, streams));
        }

        @Override
        public void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException {
            calls.work("upload", () -> {
                connection.upload(content, path, mode);
                return true;
            });
        }

        @Override
        public Optional<String> hostKey() {
            return calls.answer("hostKey", connection::hostKey);
        }

        @Override
        public void close() {
            calls.close("close", connection::close);
        }
    }
}
