// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.sciabc.spi.Subnet;

/**
 * Looks names up beside the thread that needs their addresses, many at once. The system's resolver cannot be interrupted: what
 * it still waits for when nobody wants to know any more ends with its own patience, on a thread that keeps nothing alive.
 */
final class NameLookup implements AutoCloseable {
    private static final int MOST_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Consumer<String> say;
    private final Map<String, FutureTask<InetAddress>> lookups = new HashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_AT_ONCE, MOST_AT_ONCE, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "hostfile-names");
                thread.setDaemon(true);
                return thread;
            });
    private final long begin = System.nanoTime();
    private boolean said;

    /** Turns a name into an address. */
    @FunctionalInterface
    interface NameService {
        /** The address of a name, or of an address that is written as text. */
        InetAddress address(String name) throws UnknownHostException;
    }

    /**
     * Begins to look these up, each once.
     *
     * @param say what to do with a line for the person who waits
     */
    NameLookup(Collection<String> names, NameService service, Consumer<String> say) {
        this.say = say;
        for (String name : new LinkedHashSet<>(names)) {
            FutureTask<InetAddress> lookup = new FutureTask<>(() -> service.address(name));
            lookups.put(name, lookup);
            if (Subnet.parse(name).isPresent()) {
                // Nobody has to be asked for it.
                lookup.run();
            } else {
                threads.execute(lookup);
            }
        }
    }

    /** Waits for the address of one of the names; says so when all that takes a while. */
    InetAddress address(String name) throws UnknownHostException, InterruptedException {
        FutureTask<InetAddress> lookup = Objects.requireNonNull(lookups.get(name));
        try {
            if (!said) {
                sayWhenSlow(lookup);
            }
            return lookup.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(failed);
        }
    }

    private void sayWhenSlow(FutureTask<InetAddress> lookup) throws ExecutionException, InterruptedException {
        try {
            lookup.get(PATIENCE.toNanos() - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            said = true;
            long left = lookups.values().stream().filter(each -> !each.isDone()).count();
            say.accept("looking up " + left + (left == 1 ? " name" : " names"));
        }
    }

    /** Begins no further lookup. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
