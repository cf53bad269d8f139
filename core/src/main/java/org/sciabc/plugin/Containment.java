// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs code of one plugin on a thread that may be given up: it does not keep the program alive, and belongs to a group in
 * which everything that the code started is found again.
 */
final class Containment {
    private final ThreadGroup group;
    private final Duration limit;

    Containment(String pluginId, Duration limit) {
        this.group = new ThreadGroup("plugin " + pluginId);
        this.limit = limit;
    }

    /**
     * Runs the work to its end, or gives up on it when the limit has passed.
     *
     * @throws ExecutionException when the work threw something; its cause is that
     * @throws TimeoutException when it did not end; the message says where it is, when it is in one of the loader's classes
     */
    <T> T run(Callable<T> work, PluginJarLoader loader)
            throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(group, task, group.getName());
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String where = whereIs(thread, loader);
            thread.interrupt();
            throw new TimeoutException(where);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    /** The names of threads that the plugin's code started on its own and that still run. */
    List<String> leftThreads() {
        Thread[] threads = new Thread[group.activeCount() + 8];
        int count = group.enumerate(threads);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!threads[i].getName().equals(group.getName())) {
                names.add("'" + threads[i].getName() + "'" + (threads[i].isDaemon() ? "" : " (not a daemon)"));
            }
        }
        names.sort(String::compareTo);
        return names;
    }

    /** The names of threads anywhere that would keep the program alive and that came from this plugin. */
    static List<String> keepingTheProgramAlive(PluginJarLoader loader) {
        return threadsOf(loader).stream()
                .filter(thread -> !thread.isDaemon())
                .map(thread -> "'" + thread.getName() + "'")
                .sorted()
                .toList();
    }

    /** Threads that came from this plugin: a thread inherits the context class loader of the one that started it. */
    static List<Thread> threadsOf(PluginJarLoader loader) {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 8];
        int count = all.enumerate(threads);
        return Stream.of(threads)
                .limit(count)
                .filter(thread -> thread != Thread.currentThread() && thread.getContextClassLoader() == loader)
                .toList();
    }

    private static String whereIs(Thread thread, PluginJarLoader loader) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (loader.contains(frame.getClassName())) {
                return " in " + frame.getClassName() + "." + frame.getMethodName()
                        + (frame.getLineNumber() > 0 ? ", line " + frame.getLineNumber() : "");
            }
        }
        return "";
    }
}
