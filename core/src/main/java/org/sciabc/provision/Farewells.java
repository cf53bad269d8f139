// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.sciabc.spi.NodeConnection;

/**
 * Connections that are being closed, each on a thread of its own: one whose node does not answer may hang there, and no other
 * node is to wait for that.
 */
final class Farewells {
    private final Set<Thread> closing = ConcurrentHashMap.newKeySet();

    /** Begins to close it. */
    void begin(NodeConnection connection) {
        Thread thread = new Thread(() -> close(connection), "closing a connection");
        thread.setDaemon(true);
        closing.add(thread);
        thread.start();
    }

    private void close(NodeConnection connection) {
        try {
            connection.close();
        } finally {
            closing.remove(Thread.currentThread());
        }
    }

    /** Waits until all are closed, but no longer than this, whether or not the thread is interrupted meanwhile. */
    void await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        for (Thread thread : closing) {
            long left = end - System.nanoTime();
            while (thread.isAlive() && left > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                } catch (InterruptedException notYet) {
                    interrupted = true;
                }
                left = end - System.nanoTime();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
