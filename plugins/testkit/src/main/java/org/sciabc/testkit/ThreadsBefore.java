// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The threads that ran at one moment, to find those that came afterwards and stayed. */
final class ThreadsBefore {
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final Predicate<Thread> ignored;

    /** Those of now, and those to which this applies. */
    ThreadsBefore(Predicate<Thread> ignored) {
        this.ignored = ignored;
    }

    /** Fails when a thread that came since is still running one second from now. */
    void requireThatAllOthersEnd(String after) {
        long begin = System.nanoTime();
        while (!left().isEmpty() && System.nanoTime() - begin < Call.A_SECOND.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        List<Thread> left = left();
        if (!left.isEmpty()) {
            throw new AssertionError("one second after " + after + " these threads are still running, and must not: "
                    + left.stream().map(ThreadsBefore::shown).collect(Collectors.joining(", ")));
        }
    }

    /** Fails when a thread has come since. */
    void requireThatNoneCame(String during) {
        List<Thread> left = left();
        if (!left.isEmpty()) {
            throw new AssertionError(during + " must not start threads, and started "
                    + left.stream().map(ThreadsBefore::shown).collect(Collectors.joining(", ")));
        }
    }

    private List<Thread> left() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .filter(thread -> !belongsToTheJdk(thread) && !ignored.test(thread))
                .toList();
    }

    /** What the JDK starts for everybody and keeps: reapers of processes, cleaners, the common pool. */
    private static boolean belongsToTheJdk(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group == null
                || group.getName().equals("system")
                || group.getName().equals("InnocuousThreadGroup")
                || group.getName().equals("InnocuousForkJoinWorkerThreadGroup")
                || thread.getName().startsWith("ForkJoinPool.commonPool-worker")
                || thread.getName().equals("CompletableFutureDelayScheduler")
                || thread.getName().startsWith("junit-");
    }

    /** Its name, and where it is: as far as possible in code that is not the JDK's. */
    private static String shown(Thread thread) {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        String place = stack.stream()
                .filter(frame -> !isOfTheJdk(frame.getClassName()))
                .findFirst()
                .or(() -> stack.stream().findFirst())
                .map(frame -> " in " + frame.getClassName() + "." + frame.getMethodName())
                .orElse("");
        return "'" + thread.getName() + "'" + (thread.isDaemon() ? "" : " (not a daemon)") + place;
    }

    private static boolean isOfTheJdk(String className) {
        return className.startsWith("java.") || className.startsWith("jdk.") || className.startsWith("sun.");
    }
}
