// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import org.sciabc.cli.console.Terminal;
import org.sciabc.plugin.PluginFailure;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.SettingException;

/** The one place where a failure becomes a message and an exit status. */
final class Failures {
    private Failures() {}

    static int report(Throwable failure, Terminal terminal, boolean withStackTrace) {
        if (withStackTrace) {
            failure.printStackTrace(terminal.err());
        }
        if (failure instanceof PluginFailure broken) {
            return report(CliFailure.of(ExitCode.PLUGIN, broken.failure()), terminal, false);
        }
        if (failure instanceof SciabcException said) {
            terminal.error(said.what() + (said.why().isEmpty() ? "" : ": " + said.why()));
            said.hint().ifPresent(terminal::hint);
            return statusOf(said);
        }
        terminal.error("something went wrong that should not have: " + describe(failure));
        terminal.hint("run it again with --stacktrace and report what it prints");
        return ExitCode.SOFTWARE;
    }

    private static int statusOf(SciabcException failure) {
        if (failure instanceof CliFailure ours) {
            return ours.status();
        }
        return failure instanceof SettingException ? ExitCode.CONFIGURATION : ExitCode.UNAVAILABLE;
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "no further details" : message;
    }
}
