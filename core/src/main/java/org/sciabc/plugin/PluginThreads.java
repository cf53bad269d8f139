// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Optional;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Threads that plugins have started on their own. */
public final class PluginThreads {
    private PluginThreads() {}

    /**
     * Why a thread has ended that nobody waits for, said for the person at the keyboard.
     *
     * @param thrown what it did not catch
     * @return absent when the thread did not come from a plugin
     */
    public static Optional<SciabcException> failure(Thread thread, Throwable thrown) {
        return loader(thread).map(loader -> failure(loader.contents().info(), thread.getName(), thrown));
    }

    /** A thread inherits the context class loader of the one that started it; a plugin may have put one of its own below. */
    private static Optional<PluginJarLoader> loader(Thread thread) {
        ClassLoader loader = thread.getContextClassLoader();
        while (loader != null && !(loader instanceof PluginJarLoader)) {
            loader = loader.getParent();
        }
        return Optional.ofNullable((PluginJarLoader) loader);
    }

    private static SciabcException failure(PluginInfo plugin, String thread, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        return new SciabcException(
                "plugin " + plugin.id() + " (" + plugin.jar().getFileName() + ") broke down in a thread of its own, '"
                        + Untrusted.line(thread, 60) + "'",
                "it " + failure.cause(),
                failure.fix(),
                thrown);
    }
}
