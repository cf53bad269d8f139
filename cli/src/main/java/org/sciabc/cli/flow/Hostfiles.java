// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import java.util.OptionalInt;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** The hostfile for nodes that were found; nobody is reached for it. */
public final class Hostfiles {
    private Hostfiles() {}

    /** The text, in the dialect of the launcher in use. */
    public static String text(Setup setup, List<Node> nodes, SlotOptions options, ReachOptions reaching)
            throws SciabcException {
        Chosen<JobLauncher> launcher = setup.launcher(options.launcher());
        return LaunchStage.hostfile(
                launcher.component(),
                ReadyNodes.of(nodes, Reach.users(setup, reaching)::choose, slots(setup, options)));
    }

    /** The slots of every node: as the command line says, else the configuration. */
    static OptionalInt slots(Setup setup, SlotOptions options) throws SciabcException {
        OptionalInt given = options.slots();
        return given.isPresent() ? given : setup.configuration().slots();
    }
}
