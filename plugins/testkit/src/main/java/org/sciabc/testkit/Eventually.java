// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for something to become so, up to a limit that only a failure reaches: in place of sleeping and hoping. */
public final class Eventually {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private Eventually() {}

    /**
     * Returns as soon as the condition holds. It is asked again and again, on the calling thread.
     *
     * @param what what is waited for, as it reads in {@code not within 10 s: WHAT}
     * @param limit how long to wait
     * @param condition what has to become true
     * @throws AssertionError when it did not within the limit
     * @throws Exception when the condition threw it, or the thread was interrupted
     */
    public static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        find(what, limit, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Returns what the search finds, as soon as it finds something. It is repeated on the calling thread.
     *
     * @param <T> what is searched for
     * @param what what is searched for, as it reads in {@code not within 10 s: WHAT}
     * @param limit how long to wait
     * @param search what is repeated until it is not empty
     * @return what was found
     * @throws AssertionError when nothing was found within the limit
     * @throws Exception when the search threw it, or the thread was interrupted
     */
    public static <T> T find(String what, Duration limit, Callable<Optional<T>> search) throws Exception {
        long begin = System.nanoTime();
        while (true) {
            Optional<T> found = search.call();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new AssertionError("not within " + Said.seconds(limit) + ": " + what);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting: " + what);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
