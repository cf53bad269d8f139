// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Avahi's part in a watch: a thread that asks it, and a box from which the watch takes what it said. When Avahi is restarted,
 * it is asked again.
 */
final class AvahiFeed implements AutoCloseable {
    private static final long RETRY_AFTER = 2_000;

    private final Connector connector;
    private final AvahiBrowser.Looking looking;
    private final Queue<News> box = new ConcurrentLinkedQueue<>();
    private final Set<AvahiBrowser.Item> found = new LinkedHashSet<>();
    private volatile Optional<Thread> thread = Optional.empty();
    private volatile boolean closed;

    /** Connects with Avahi; waits as long as it takes. */
    interface Connector {
        AvahiBus connect() throws IOException;
    }

    /** What the watch is told. */
    sealed interface News {
        /** An instance is there. */
        record Found(AvahiBrowser.Item item, ServiceInstance instance) implements News {}

        /** An instance is no longer there. */
        record Gone(AvahiBrowser.Item item) implements News {}

        /** Avahi is looking for us from now on. */
        record Connected() implements News {}

        /** Avahi cannot be asked, for now. */
        record Unreachable(String why) implements News {}
    }

    AvahiFeed(Connector connector, AvahiBrowser.Looking looking) {
        this.connector = connector;
        this.looking = looking;
    }

    /**
     * Begins.
     *
     * @param wakeUp runs after each piece of news
     */
    void start(Runnable wakeUp) {
        Thread asking = new Thread(() -> follow(wakeUp), "sciabc zeroconf avahi");
        asking.setDaemon(true);
        thread = Optional.of(asking);
        asking.start();
    }

    /** The next piece of news; empty when there is none for now. */
    Optional<News> next() {
        return Optional.ofNullable(box.poll());
    }

    /** Ends, without waiting for the thread: it has nothing left to tell. */
    @Override
    public void close() {
        closed = true;
        thread.ifPresent(Thread::interrupt);
    }

    private void follow(Runnable wakeUp) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String why = watch(wakeUp);
                found.forEach(item -> tell(new News.Gone(item), wakeUp));
                found.clear();
                tell(new News.Unreachable(why), wakeUp);
                Thread.sleep(RETRY_AFTER);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError failure) {
            // Connecting cannot be interrupted: it may go on until the plugin, whose classes it needs, is closed.
            if (!closed) {
                throw failure;
            }
        }
    }

    /** Watches until that fails, and returns why. */
    private String watch(Runnable wakeUp) throws InterruptedException {
        try (AvahiBus bus = connector.connect()) {
            tell(new News.Connected(), wakeUp);
            new AvahiBrowser(bus, looking, new AvahiBrowser.Ear() {
                        @Override
                        public void found(AvahiBrowser.Item item, ServiceInstance instance) {
                            found.add(item);
                            tell(new News.Found(item, instance), wakeUp);
                        }

                        @Override
                        public void gone(AvahiBrowser.Item item) {
                            if (found.remove(item)) {
                                tell(new News.Gone(item), wakeUp);
                            }
                        }
                    })
                    .run();
            return "it ended";
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    private void tell(News news, Runnable wakeUp) {
        box.add(news);
        wakeUp.run();
    }
}
