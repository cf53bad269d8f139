// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that work beside the caller's: daemons that go away when there is nothing to do. What may block runs in
 * {@link #POOL}; {@link #TIMER} has one thread, and its tasks return at once.
 */
final class Workers {
    static final ExecutorService POOL = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), named("sciabc-ssh-worker-"));

    static final ScheduledExecutorService TIMER = timer();

    private Workers() {}

    private static ScheduledExecutorService timer() {
        var timer = new ScheduledThreadPoolExecutor(1, named("sciabc-ssh-timer-"));
        timer.setKeepAliveTime(5, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadFactory named(String prefix) {
        return new Named(prefix, new AtomicInteger());
    }

    private record Named(String prefix, AtomicInteger count) implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }
}
