// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.sciabc.spi.Node;

/** A cable between a client and a port of this machine, that can be pulled: then nothing passes, and nobody is told. */
final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch pluggedInAgain = new CountDownLatch(1);
    private volatile boolean pulled;
    private volatile long limit = Long.MAX_VALUE;

    private Relay(ServerSocket server, int port) {
        this.server = server;
        this.port = port;
    }

    /** A cable to this port. */
    static Relay to(int port) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        start(relay::accept);
        return relay;
    }

    Node node() {
        return Node.of("relayed", List.of(InetAddress.getLoopbackAddress())).withPort(server.getLocalPort());
    }

    /** Breaks each connection once the server has said this much; the client is told. */
    Relay breakingAfter(long bytes) {
        limit = bytes;
        return this;
    }

    void pull() {
        pulled = true;
    }

    /** What was under way arrives. Once only. */
    void plugIn() {
        pulled = false;
        pluggedInAgain.countDown();
    }

    @Override
    public void close() throws IOException {
        pluggedInAgain.countDown();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Passes on what comes from this client, and back. */
    void connect(Socket client) throws IOException {
        Socket target = new Socket(InetAddress.getLoopbackAddress(), port);
        for (Socket socket : List.of(client, target)) {
            socket.setTcpNoDelay(true);
            sockets.add(socket);
        }
        InputStream fromClient = client.getInputStream();
        InputStream fromTarget = target.getInputStream();
        OutputStream toTarget = target.getOutputStream();
        OutputStream toClient = client.getOutputStream();
        start(() -> pass(fromClient, toTarget, Long.MAX_VALUE));
        start(() -> pass(fromTarget, toClient, limit));
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            connect(server.accept());
        }
    }

    private void pass(InputStream in, OutputStream out, long most) throws IOException, InterruptedException {
        try (in;
                out) {
            byte[] part = new byte[16 * 1024];
            long left = most;
            int count = in.read(part);
            while (count >= 0 && left > 0) {
                if (pulled) {
                    pluggedInAgain.await();
                }
                out.write(part, 0, (int) Math.min(left, count));
                left -= count;
                count = left > 0 ? in.read(part) : -1;
            }
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Step step) {
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (IOException | InterruptedException over) {
                // One of the two ends is gone.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
