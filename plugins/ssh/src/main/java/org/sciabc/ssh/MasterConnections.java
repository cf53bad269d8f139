// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.OpenConnection;
import org.sciabc.spi.OpenConnections;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.StandingRequest;
import org.sciabc.spi.Untrusted;

/**
 * The connections that OpenSSH's client keeps open, as the cluster's ssh_config lists them. Without lambdas where a launch comes
 * past: a plugin's cost a millisecond each.
 */
final class MasterConnections implements OpenConnections {

    private static final Duration UNTIL_ENDED = Duration.ofMillis(100);
    private static final long PAUSE_NANOS = 200_000;

    private final ShortWays shortWays;

    MasterConnections(ShortWays shortWays) {
        this.shortWays = shortWays;
    }

    /** What the configuration says of a node whose connection may be open. */
    private record Listed(String name, InetAddress address, int port, String user, Path socket) {}

    @Override
    public List<OpenConnection> list(StandingRequest request) throws SciabcException, InterruptedException {
        Duration idle = SshSettings.of(request.settings()).keepOpen();
        List<Listed> nodes = listed(request.stateFolder(), SshConfigFile.NAME);
        List<OpenConnection> open = new ArrayList<>();
        try {
            for (Listed node : nodes) {
                MasterSocket socket = new MasterSocket(node.socket());
                if (!socket.isThere()) {
                    continue;
                }
                if (socket.process().isPresent()) {
                    open.add(new OpenConnection(
                            node.name(), node.address(), node.port(), node.user(), since(node.socket()), idle));
                } else {
                    socket.remove();
                }
            }
        } catch (IOException failure) {
            throw failed("cannot see which connections are open", failure);
        }
        open.sort(Comparator.comparing(OpenConnection::name, NodeSet.NATURAL_ORDER));
        return List.copyOf(open);
    }

    @Override
    public int close(StandingRequest request, Set<InetAddress> addresses) throws SciabcException, InterruptedException {
        List<Listed> nodes = listed(request.stateFolder(), SshConfigFile.NAME);
        try {
            int closed = close(nodes.stream()
                    .filter(node -> addresses.isEmpty() || addresses.contains(node.address()))
                    .map(Listed::socket)
                    .toList());
            if (addresses.isEmpty()) {
                closed += closeThoseOfNobody(request.stateFolder(), nodes);
            }
            return closed;
        } catch (IOException failure) {
            throw failed("cannot close a connection", failure);
        }
    }

    @Override
    public void closeOwn(StandingRequest request) throws SciabcException, InterruptedException {
        String name = SshConfigFile.ownName();
        try {
            shortWays.close();
            List<Path> sockets = new ArrayList<>();
            for (Listed node : listed(request.stateFolder(), name)) {
                sockets.add(node.socket());
            }
            close(stillThere(sockets));
            Files.deleteIfExists(request.stateFolder().resolve(name));
        } catch (IOException failure) {
            throw failed("cannot close a connection", failure);
        }
    }

    /** Whose connection is gone takes its socket away, and ends. */
    private static List<Path> stillThere(List<Path> sockets) {
        long deadline = System.nanoTime() + UNTIL_ENDED.toNanos();
        List<Path> left = new ArrayList<>();
        for (Path socket : sockets) {
            while (Files.exists(socket) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (Files.exists(socket)) {
                left.add(socket);
            }
        }
        return left;
    }

    /** All are told before the first is waited for. */
    private static int close(List<Path> sockets) throws IOException, InterruptedException {
        List<MasterSocket.Closing> closing = new ArrayList<>();
        for (Path socket : sockets) {
            Optional<MasterSocket.Closing> begun = new MasterSocket(socket).beginClosing();
            if (begun.isPresent()) {
                closing.add(begun.get());
            }
        }
        for (MasterSocket.Closing each : closing) {
            each.await();
        }
        return closing.size();
    }

    /**
     * Those of nodes that have another address, port or account by now: nothing would ever use them again. A launch that leaves
     * nothing open closes its own.
     */
    private static int closeThoseOfNobody(Path stateFolder, List<Listed> nodes)
            throws IOException, SciabcException, InterruptedException {
        Path folder = stateFolder.resolve(SshConfigFile.SOCKETS);
        if (!Files.isDirectory(folder) || nodes.isEmpty()) {
            return 0;
        }
        List<Listed> used = new ArrayList<>(nodes);
        for (String name : SshConfigFile.namesOfLivingProcesses(stateFolder)) {
            used.addAll(listed(stateFolder, name));
        }
        List<Path> names =
                used.stream().map(node -> node.socket().getFileName()).toList();
        // The path of a socket has to be short; the others are in the same folder, by the same way.
        Path way = Optional.ofNullable(nodes.get(0).socket().getParent()).orElse(folder);
        List<Path> strangers;
        try (Stream<Path> all = Files.list(folder)) {
            strangers = all.map(Path::getFileName)
                    .filter(name -> !names.contains(name) && name.toString().matches("[0-9a-f]{12}"))
                    .toList();
        }
        return close(strangers.stream().map(way::resolve).toList());
    }

    private static List<Listed> listed(Path stateFolder, String name) throws SciabcException {
        Path file = stateFolder.resolve(name);
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<Listed> nodes = new ArrayList<>();
            for (String block : Files.readString(file).split("(?m)^(?=Host )", -1)) {
                Optional<Listed> node = nodeOf(block);
                if (node.isPresent()) {
                    nodes.add(node.get());
                }
            }
            return nodes;
        } catch (IOException failure) {
            throw failed("cannot read " + file, failure);
        }
    }

    private static Optional<Listed> nodeOf(String block) throws UnknownHostException {
        Map<String, String> values = new HashMap<>();
        for (String line : block.lines().toList()) {
            String[] parts = line.strip().split(" ", 2);
            if (parts.length == 2) {
                values.put(parts[0], parts[1]);
            }
        }
        String names = values.getOrDefault("Host", "");
        Optional<String> socket = Optional.ofNullable(values.get("ControlPath"));
        String address = values.getOrDefault("HostName", "").replace("%%", "%");
        if (socket.isEmpty() || address.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Listed(
                names.substring(names.lastIndexOf(' ') + 1),
                InetAddress.getByName(address),
                Integer.parseInt(values.getOrDefault("Port", "22")),
                values.getOrDefault("User", ""),
                Path.of(socket.get())));
    }

    private static Instant since(Path socket) throws IOException {
        return Files.getLastModifiedTime(socket).toInstant();
    }

    private static SciabcException failed(String what, IOException failure) {
        return new SciabcException(what, Untrusted.line(String.valueOf(failure.getMessage()), 200), "", failure);
    }
}
