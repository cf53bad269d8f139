// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.flow.ExecStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.ExecOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** {@code sciabc exec}. */
@Parameters(separators = "=")
public final class ExecVerb implements Verb {
    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(
            names = "--hostfile",
            description = "FILE | run on the nodes of this file instead of those that are found")
    private @Nullable String hostfile;

    @ParametersDelegate
    private ExecOptions options = new ExecOptions();

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        if (session.job().isEmpty()) {
            throw CliFailure.usage(
                    "there is no command to run",
                    "nothing stands after '--'",
                    "for example: sciabc exec -- uptime, or sciabc exec node[1-3] -- 'df -h / | tail -1'");
        }
        try (Setup setup = Setup.open(session, network);
                Reach reach = Reach.of(setup, reaching)) {
            ExecStage stage = new ExecStage(setup, reach, options);
            List<Node> nodes = NodesInUse.of(Optional.ofNullable(hostfile), setup, discovery, reach);
            List<Node> selected = NodesInUse.selected(nodes, sets);
            reach.askPasswords(selected);
            return stage.run(selected, ExecStage.script(session.job()));
        }
    }

    @Override
    public boolean takesJob() {
        return true;
    }
}
