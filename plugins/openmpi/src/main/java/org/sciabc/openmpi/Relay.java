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
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final List<Socket> sockets = new ArrayList<>();
    private boolean isClosed;

    private Relay(ServerSocket door, InetSocketAddress target) {
        this.door = door;
        this.target = target;
    }

    /**
     * Begins to listen, on this machine alone.
     *
     * @param uri what {@code prte} says of where it listens
     * @return absent where that is not understood, or the system does not acknowledge at once when it is asked to
     */
    static Optional<Relay> to(String uri) {
        Matcher address = ADDRESS.matcher(uri);
        if (!address.find()) {
            return Optional.empty();
        }
        try (Socket any = new Socket()) {
            if (quick(any).isEmpty()) {
                return Optional.empty();
            }
            InetSocketAddress target =
                    new InetSocketAddress(InetAddress.getByName(address.group(1)), Integer.parseInt(address.group(2)));
            ServerSocket door = new ServerSocket(0, MOST_WAITING, InetAddress.getByAddress(LOOPBACK));
            Relay relay = new Relay(door, target);
            relay.start(relay::serve);
            return Optional.of(relay);
        } catch (IOException | IllegalArgumentException without) {
            // A job takes longer then.
            return Optional.empty();
        }
    }

    /** What {@code prte} says, with this in its place. */
    String uri(String ofPrte) {
        return ADDRESS.matcher(ofPrte)
                .replaceFirst("tcp4://" + door.getInetAddress().getHostAddress() + ":" + door.getLocalPort());
    }

    private void serve() {
        try (door) {
            while (true) {
                Socket here = kept(door.accept());
                Socket there = kept(new Socket());
                there.connect(target);
                here.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                start(() -> pass(here, there));
                start(() -> pass(there, here));
            }
        } catch (IOException closed) {
            // By us, or there is no prte any more: mpirun says so.
            close();
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            Optional<SocketOption<Boolean>> quick = quick(from);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = 0;
            while (length >= 0) {
                out.write(buffer, 0, length);
                if (quick.isPresent()) {
                    // For each of them, since Linux leaves that state by itself (tcp(7)).
                    from.setOption(quick.get(), true);
                }
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

    private void start(Runnable what) {
        Thread thread = new Thread(what, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized Socket kept(Socket socket) throws IOException {
        sockets.add(socket);
        if (isClosed) {
            socket.close();
        }
        return socket;
    }

    @Override
    public void close() {
        List<Closeable> all = new ArrayList<>(List.of(door));
        synchronized (this) {
            isClosed = true;
            all.addAll(sockets);
        }
        for (Closeable each : all) {
            try {
                each.close();
            } catch (IOException closed) {
                // Which was wanted.
            }
        }
    }
}
