// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a loopback address that says one thing to everybody who connects. */
final class Speaker implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    /**
     * A server that is up.
     *
     * @param port 0 for any
     * @param greeting what it says; empty for one that accepts and says nothing
     */
    Speaker(String address, int port, String greeting) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 100);
        Thread thread = new Thread(() -> serve(greeting), "speaker");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many have connected. */
    int visits() {
        return clients.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void serve(String greeting) {
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException closed) {
            // The test is over.
            return;
        }
    }
}
