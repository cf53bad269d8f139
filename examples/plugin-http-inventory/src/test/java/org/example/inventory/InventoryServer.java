// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A web server on this machine's loopback, and what it answers. */
final class InventoryServer implements AutoCloseable {
    /** All there from the beginning: the contract looks at which threads come and stay. */
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

    private final HttpServer server;
    private volatile Answer answer = exchange -> send(exchange, 404, "");

    /** What happens to a request. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    InventoryServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        threads.prestartAllCoreThreads();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/nodes.json");
    }

    void answers(String document) {
        answers(exchange -> send(exchange, 200, document));
    }

    void answers(Answer other) {
        answer = other;
    }

    /** Takes requests from now on, and says nothing. */
    void answersNothing() {
        answers(exchange -> hold());
    }

    /** Until the server is closed. */
    static void hold() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }

    private static void send(HttpExchange exchange, int status, String document) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
