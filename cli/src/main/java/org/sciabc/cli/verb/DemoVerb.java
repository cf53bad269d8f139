// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.flow.Demonstration;
import org.sciabc.cli.flow.LocalPackages;
import org.sciabc.spi.SciabcException;

/** {@code sciabc demo}. */
@Parameters(separators = "=")
public final class DemoVerb implements Verb {
    private static final int MOST_NODES = 64;

    @Parameter(
            names = {"-y", "--yes"},
            description = "ask no questions: install what is missing")
    private boolean yes;

    @Parameter(names = "--nodes", description = "N | how many nodes to simulate (default: 4)")
    private int nodes = 4;

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw CliFailure.usage("--nodes cannot be " + nodes, "it takes a number from 1 to " + MOST_NODES, "");
        }
        Questions questions = new Questions(session.terminal(), yes);
        LocalPackages packages = LocalPackages.of(session, questions);
        packages.ensureOpenMpi();
        return new Demonstration(session, packages, nodes).run();
    }
}
