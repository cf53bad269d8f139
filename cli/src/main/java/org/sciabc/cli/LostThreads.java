// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.Optional;
import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.PluginThreads;
import org.sciabc.spi.SciabcException;

/** Says what has ended a thread that nobody waits for, whose it was, and goes on. */
final class LostThreads implements Thread.UncaughtExceptionHandler {
    private final Terminal terminal;

    LostThreads(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        terminal.trace(thrown);
        Optional<SciabcException> ofPlugin = PluginThreads.failure(thread, thrown);
        if (ofPlugin.isPresent()) {
            SciabcException failure = ofPlugin.get();
            terminal.warning(failure.what() + ": " + failure.why());
            failure.hint().ifPresent(terminal::hint);
        } else {
            Failures.report(thrown, terminal, false);
        }
    }
}
