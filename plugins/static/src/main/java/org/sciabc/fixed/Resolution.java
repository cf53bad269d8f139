// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up beside the thread that asks, many at once. The system's resolver cannot be interrupted: what it still waits
 * for when this is closed ends with the resolver's own patience, on a thread that keeps nothing alive.
 */
final class Resolution implements AutoCloseable {
    private static final int MOST_AT_ONCE = 32;

    private final NameService names;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final Set<String> asked = new HashSet<>();
    private final ThreadPoolExecutor threads;

    /** Turns a name into addresses. */
    @FunctionalInterface
    interface NameService {
        /** Asks this machine's resolver: its hosts file, name servers, multicast DNS, whatever it is set up for. */
        NameService OF_SYSTEM = name -> List.of(InetAddress.getAllByName(name));

        /** The addresses of a name, at least one. */
        List<InetAddress> addresses(String name) throws UnknownHostException;
    }

    /**
     * What became of one name.
     *
     * @param addresses empty when it has none
     */
    record Answer(String name, List<InetAddress> addresses) {}

    Resolution(NameService names) {
        this.names = names;
        threads = new ThreadPoolExecutor(
                MOST_AT_ONCE, MOST_AT_ONCE, 100, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "static-names");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Asks for a name, unless the answer to that very question is still to come. */
    void ask(String name) {
        if (asked.add(name)) {
            threads.execute(() -> answers.add(new Answer(name, lookUp(name))));
        }
    }

    /** Whether the answer is still to come. */
    boolean isWaitingFor(String name) {
        return asked.contains(name);
    }

    /** The next answer, should there be one within that time. */
    Optional<Answer> next(Duration wait) throws InterruptedException {
        Optional<Answer> answer = Optional.ofNullable(answers.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
        answer.ifPresent(given -> asked.remove(given.name()));
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private List<InetAddress> lookUp(String name) {
        try {
            return names.addresses(name);
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }
}
