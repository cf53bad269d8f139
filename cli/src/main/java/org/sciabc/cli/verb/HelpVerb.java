// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.HelpText;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;

/** {@code sciabc help [VERB]}. */
@Parameters(separators = "=")
public final class HelpVerb implements Verb {
    @Parameter(description = "VERB")
    private List<String> names = new ArrayList<>();

    @Override
    public boolean usesPlugins() {
        return false;
    }

    @Override
    public int run(Session session) throws CliFailure {
        session.terminal().out().print(HelpText.ofVerb(names.isEmpty() ? "" : names.get(0)));
        return ExitCode.OK;
    }

    @Override
    public boolean isInterruptible() {
        return false;
    }
}
