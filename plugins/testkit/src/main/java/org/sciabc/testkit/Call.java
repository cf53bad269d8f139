// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call into a plugin on a thread of its own, so that a plugin that hangs fails its test and does not stop all others. */
final class Call<T> {
    /** What the contract calls one second, and half of one more for a machine that is busy. */
    static final Duration A_SECOND = Duration.ofMillis(1_500);

    /** After this, a call that has no limit of its own is given up. */
    static final Duration TOO_LONG = Duration.ofSeconds(30);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable T> result = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final long begin = System.nanoTime();
    private final Thread thread;
    private volatile long end;

    private Call(Callable<T> work) {
        thread = new Thread(() -> run(work), "contract-call");
        thread.setDaemon(true);
    }

    /** Begins the call. */
    static <T> Call<T> begin(Callable<T> work) {
        Call<T> call = new Call<>(work);
        call.thread.start();
        return call;
    }

    /** Begins the call on a thread that is interrupted already. */
    static <T> Call<T> beginInterrupted(Callable<T> work) {
        return begin(() -> {
            Thread.currentThread().interrupt();
            return work.call();
        });
    }

    /** Makes the call, and gives it up when it takes far too long. */
    static <T> T make(Callable<T> work) throws Exception {
        Call<T> call = begin(work);
        if (!call.endsWithin(TOO_LONG)) {
            call.interrupt();
            throw new AssertionError("the call did not return within " + Said.seconds(TOO_LONG));
        }
        return call.result();
    }

    /** Lets time pass, in which something must not happen. */
    static void letPass(Duration time) throws InterruptedException {
        boolean counted = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        if (counted) {
            throw new IllegalStateException("nobody counts it down");
        }
    }

    // A plugin may throw anything, and whoever asks for the result gets it.
    @SuppressWarnings("CatchingUnchecked")
    private void run(Callable<T> work) {
        try {
            result.set(work.call());
        } catch (Throwable thrown) {
            failure.set(thrown);
        } finally {
            end = System.nanoTime();
            ended.countDown();
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean endsWithin(Duration limit) throws InterruptedException {
        return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** How long it took; only after it has ended. */
    Duration took() {
        return Duration.ofNanos(end - begin);
    }

    /** What the call returned or threw; only after it has ended. */
    T result() throws Exception {
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        T value = result.get();
        if (value == null) {
            throw new AssertionError("the call answered null");
        }
        return value;
    }
}
