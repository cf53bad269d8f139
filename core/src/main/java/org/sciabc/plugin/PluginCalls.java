// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.SciabcException;

/**
 * Calls into one plugin's code: with the plugin's class loader as that of the thread, because libraries look for their parts
 * through it, and with everything that the contract does not let out made into a failure that names the plugin.
 */
final class PluginCalls {
    private final PluginInfo plugin;
    private final PluginJarLoader loader;
    private final Consumer<SciabcException> unclosed;

    /**
     * Calls into that plugin.
     *
     * @param unclosed takes what closing something threw, on whichever thread that was
     */
    PluginCalls(PluginInfo plugin, PluginJarLoader loader, Consumer<SciabcException> unclosed) {
        this.plugin = plugin;
        this.loader = loader;
        this.unclosed = unclosed;
    }

    /** Something of the plugin that takes time. */
    @FunctionalInterface
    interface Work<T> {
        @Nullable
        T run() throws SciabcException, InterruptedException;
    }

    /** Something of the plugin that may fail. */
    @FunctionalInterface
    interface Attempt<T> {
        @Nullable
        T run() throws SciabcException;
    }

    /** Something of the plugin that neither takes time nor fails. */
    @FunctionalInterface
    interface Answer<T> {
        @Nullable
        T run();
    }

    <T> T work(String method, Work<T> work) throws SciabcException, InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return present(method, work.run());
        } catch (SciabcException | InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            throw defect(method, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    <T> T attempt(String method, Attempt<T> attempt) throws SciabcException {
        try {
            return work(method, attempt::run);
        } catch (InterruptedException e) {
            throw defect(method, e);
        }
    }

    <T> T answer(String method, Answer<T> answer) {
        try {
            return work(method, answer::run);
        } catch (InterruptedException e) {
            throw new PluginFailure(defect(method, e));
        } catch (SciabcException e) {
            throw new PluginFailure(e);
        }
    }

    /** Closing must not fail: what it throws is told, and nothing that was to follow is left out. */
    void close(String method, Runnable close) {
        try {
            answer(method, () -> {
                close.run();
                return true;
            });
        } catch (PluginFailure e) {
            unclosed.accept(e.failure());
        }
    }

    private <T> T present(String method, @Nullable T value) throws SciabcException {
        if (value == null) {
            throw failure(method, "it answered null", "tell the plugin's author", new NullPointerException(method));
        }
        return value;
    }

    private SciabcException defect(String method, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        return failure(method, "it " + failure.cause(), failure.fix(), thrown);
    }

    private SciabcException failure(String method, String why, String hint, Throwable thrown) {
        return new SciabcException(
                "plugin " + plugin.id() + " (" + plugin.jar().getFileName() + ") broke down in " + method,
                why,
                hint,
                thrown);
    }
}
