// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a program of this machine and what it connects to. A program that leaves Nagle's algorithm on, and writes two
 * short messages in a row, sends the second one when the first is acknowledged (RFC 896), and Linux takes 40 ms for that where it
 * has nothing to answer (RFC 1122, 4.2.3.2). Here everything is acknowledged, with TCP_QUICKACK of tcp(7), and passed on at once. Whoever
 * is passed on is known to the other side by this machine's address.
 *
 * <p>It listens on 127.0.0.1 alone, has a few connections at a time, and refuses more. Its threads keep no process alive. Methods may
 * be called by any thread; none of them waits but {@link #isConnected}.
 */
public final class Relay implements AutoCloseable {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int MOST_WAITING = 4;
    private static final int MOST_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final SocketOption<Boolean> quick;
    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch tried = new CountDownLatch(1);
    private @Nullable Socket ahead;
    private boolean isClosed;

    private Relay(ServerSocket door, InetSocketAddress target, SocketOption<Boolean> quick) {
        this.door = door;
        this.target = target;
        this.quick = quick;
    }

    /**
     * Begins to listen. It connects to the target whenever somebody comes; who cannot be passed on is hung up on.
     *
     * @return absent where the system does not acknowledge at once when it is asked to, or nothing can be opened: one goes without
     *     then
     */
    public static Optional<Relay> to(InetSocketAddress target) {
        return listening(target).map(relay -> {
            start(relay::serve);
            return relay;
        });
    }

    /**
     * The same, and connects to the target at once, for who comes first: see {@link #isConnected}.
     *
     * @return absent as in {@link #to}
     */
    public static Optional<Relay> ahead(InetSocketAddress target) {
        return listening(target).map(relay -> {
            start(() -> {
                relay.connectAhead();
                relay.serve();
            });
            return relay;
        });
    }

    private static Optional<Relay> listening(InetSocketAddress target) {
        try (Socket any = new Socket()) {
            Optional<SocketOption<Boolean>> quick = quick(any);
            if (quick.isEmpty()) {
                return Optional.empty();
            }
            ServerSocket door = new ServerSocket(0, MOST_WAITING, InetAddress.getByAddress(LOOPBACK));
            return Optional.of(new Relay(door, target, quick.get()));
        } catch (IOException without) {
            return Optional.empty();
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

    /** The port of 127.0.0.1 that it listens on. */
    public int port() {
        return door.getLocalPort();
    }

    /**
     * Whether the target has taken the connection that {@link #ahead} makes. Waits until that is known, but no longer than this; a
     * target that is slower is connected to nevertheless.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public boolean isConnected(Duration patience) throws InterruptedException {
        if (!tried.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        synchronized (this) {
            return ahead != null;
        }
    }

    private void connectAhead() {
        Socket socket = new Socket();
        if (keep(socket)) {
            try {
                connect(socket);
                synchronized (this) {
                    ahead = socket;
                }
            } catch (IOException notThere) {
                close(socket);
            }
        }
        tried.countDown();
    }

    private void serve() {
        try (door) {
            while (true) {
                Socket here = door.accept();
                // Whoever connects, connects once: most have no need of another thread.
                Optional<Socket> there = takeAhead();
                start(() -> pass(here, there.orElseGet(Socket::new), there.isPresent()));
            }
        } catch (IOException closed) {
            // By us, as a rule. Whoever is connected stays so.
            return;
        }
    }

    private synchronized Optional<Socket> takeAhead() {
        Optional<Socket> taken = Optional.ofNullable(ahead);
        ahead = null;
        return taken;
    }

    private void pass(Socket here, Socket there, boolean isConnected) {
        try {
            if (keep(here) && (isConnected || keep(there))) {
                if (!isConnected) {
                    connect(there);
                }
                here.setTcpNoDelay(true);
                start(() -> pass(there, here));
                pass(here, there);
            }
        } catch (IOException nobodyThere) {
            // Any more: whoever has connected hears of it.
        }
        close(here);
        close(there);
    }

    private void connect(Socket socket) throws IOException {
        socket.connect(target, (int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
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
                // For each of them, since Linux leaves that state by itself.
                from.setOption(quick, true);
                length = in.read(buffer);
            }
        } catch (IOException ended) {
            // One of them has, and the other hears of it.
        }
    }

    private synchronized boolean keep(Socket socket) {
        sockets.removeIf(Socket::isClosed);
        return !isClosed && sockets.size() < 2 * MOST_CONNECTIONS && sockets.add(socket);
    }

    private static void start(Runnable what) {
        Thread thread = new Thread(what, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // Then it is closed.
            return;
        }
    }

    /** Ends it, and all that it passes on. */
    @Override
    public void close() {
        List<Closeable> all = new ArrayList<>(List.of(door));
        synchronized (this) {
            isClosed = true;
            all.addAll(sockets);
        }
        all.forEach(Relay::close);
    }
}
