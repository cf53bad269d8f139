// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.sciabc.spi.SciabcException;

/** Reads documents of bounded size in bounded time, for one thread. All threads that it starts end when it is closed. */
final class InventoryClient implements AutoCloseable {
    private static final int OK = 200;

    /**
     * A client cannot be closed before Java 21, and its own thread would stay for as long as the program: the SPI demands
     * that all threads have ended a second after the watch. That thread ends when it is interrupted, and belongs to the
     * group of the thread that made the client.
     */
    private final ThreadGroup threads = new ThreadGroup("http-inventory");

    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(threads, work, "http-inventory");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<HttpClient> http = CompletableFuture.supplyAsync(
            () -> HttpClient.newBuilder()
                    .executor(workers)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build(),
            workers);

    /** The document; absent when there was no whole answer in that time. */
    Optional<byte[]> get(URI url, Duration timeout) throws SciabcException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        try {
            CompletableFuture<HttpResponse<byte[]>> answer = http.get().sendAsync(request, BoundedBody::of);
            try {
                HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                if (response.statusCode() != OK) {
                    throw failed("the server answers with status " + response.statusCode());
                }
                return Optional.of(response.body());
            } finally {
                // Of no effect on what is complete; what is not would go on receiving.
                answer.cancel(true);
            }
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException failure) {
            throw failed(reason(failure.getCause()));
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        threads.interrupt();
    }

    /** In words: the name of an exception says nothing to who reads it. */
    private static String reason(Throwable failure) {
        if (failure instanceof TooLargeException) {
            return "the answer is larger than " + (BoundedBody.LARGEST >> 20) + " MiB";
        }
        if (failure instanceof SSLException) {
            return "no secure connection is possible";
        }
        if (failure instanceof ConnectException) {
            return "no connection to the server";
        }
        return failure instanceof IOException ? "the connection broke" : "the request is impossible";
    }

    static SciabcException failed(String why) {
        return new SciabcException(
                "cannot read the inventory", why, "does 'curl' show the document at http-inventory.url?");
    }
}
