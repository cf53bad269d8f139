// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between {@code mpirun} and the {@code prte} that it talks to. PMIx 5 leaves Nagle's algorithm on: where it writes two
 * short messages in a row, the second waits until the first is acknowledged, and Linux takes 40 ms for that where it has nothing
 * to answer. That happens when a job begins and when it ends. Here everything is acknowledged and passed on at once.
 */
final class Relay implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("tcp4://(\\d{1,3}(?:\\.\\d{1,3}){3}):(\\d{1,5})");
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int MOST_WAITING = 4;
    private static final int MOST_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final Path file;
    private final SocketOption<Boolean> quick;
    private final List<Socket> sockets = new ArrayList<>();
    private boolean isClosed;

    private Relay(ServerSocket door, InetSocketAddress target, Path file, SocketOption<Boolean> quick) {
        this.door = door;
        this.target = target;
        this.file = file;
        this.quick = quick;
    }

    /**
     * Begins to listen, on this machine alone.
     *
     * @return absent where what {@code prte} says of where it listens is not understood, or the system does not acknowledge at
     *     once when it is asked to, or nothing can be opened: a job takes longer then
     */
    static Optional<Relay> to(PrteFolder prte) {
        String uri = prte.uri();
        Matcher address = ADDRESS.matcher(uri);
        if (!address.find()) {
            return Optional.empty();
        }
        try (Socket any = new Socket()) {
            Optional<SocketOption<Boolean>> quick = quick(any);
            if (quick.isEmpty()) {
                return Optional.empty();
            }
            InetSocketAddress target =
                    new InetSocketAddress(InetAddress.getByName(address.group(1)), Integer.parseInt(address.group(2)));
            ServerSocket door = new ServerSocket(0, MOST_WAITING, InetAddress.getByAddress(LOOPBACK));
            Relay relay = new Relay(door, target, prte.ofOneJob(door.getLocalPort()), quick.get());
            try {
                Files.writeString(relay.file, address.replaceFirst("tcp4://127.0.0.1:" + door.getLocalPort()));
            } catch (IOException full) {
                relay.close();
                return Optional.empty();
            }
            start(relay::serve);
            return Optional.of(relay);
        } catch (IOException | IllegalArgumentException without) {
            return Optional.empty();
        }
    }

    /** Where {@code prte} is reached by this way, as {@code mpirun --dvm} takes it. */
    String dvm() {
        return PrteFolder.dvm(file);
    }

    private void serve() {
        try (door) {
            while (true) {
                Socket here = door.accept();
                start(() -> connect(here));
            }
        } catch (IOException closed) {
            // By us, as a rule. Whoever is connected stays so.
            return;
        }
    }

    private void connect(Socket here) {
        Socket there = new Socket();
        try {
            if (keep(here, there)) {
                there.connect(target, (int) PATIENCE.toMillis());
                here.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                start(() -> pass(there, here));
                pass(here, there);
            }
        } catch (IOException noPrte) {
            // Any more: whoever has connected hears of it.
        }
        Quietly.close(here);
        Quietly.close(there);
    }

    /** Only {@code mpirun} has to do with it, which needs one. */
    private synchronized boolean keep(Socket here, Socket there) {
        sockets.removeIf(Socket::isClosed);
        if (isClosed || sockets.size() >= 2 * MOST_CONNECTIONS) {
            return false;
        }
        sockets.add(here);
        sockets.add(there);
        return true;
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = 0;
            while (length >= 0) {
                out.write(buffer, 0, length);
                // For each of them, since Linux leaves that state by itself (tcp(7)).
                from.setOption(quick, true);
                length = in.read(buffer);
            }
        } catch (IOException ended) {
            // One of them has, and the other hears of it.
        }
    }

    /** Java has this option where the system has it, in a module that need not be there. */
    @SuppressWarnings("unchecked")
    private static Optional<SocketOption<Boolean>> quick(Socket socket) {
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (option.name().equals("TCP_QUICKACK") && option.type() == Boolean.class) {
                return Optional.of((SocketOption<Boolean>) option);
            }
        }
        return Optional.empty();
    }

    private static void start(Runnable what) {
        Thread thread = new Thread(what, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        List<Closeable> all = new ArrayList<>(List.of(door));
        synchronized (this) {
            isClosed = true;
            all.addAll(sockets);
        }
        all.forEach(Quietly::close);
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // It says where nobody listens, and goes with its folder.
            return;
        }
    }
}
