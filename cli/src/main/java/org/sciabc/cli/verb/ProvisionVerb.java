// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.PlanStage;
import org.sciabc.cli.flow.PlanStage.Planned;
import org.sciabc.cli.flow.Preparation;
import org.sciabc.cli.flow.ProvisionStage;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.LauncherOption;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.PreparationOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.provision.PlanText;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/** {@code sciabc provision}. */
@Parameters(separators = "=")
public final class ProvisionVerb implements Verb {
    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(names = "--dry-run", description = "print the exact commands and stop")
    private boolean dryRun;

    @ParametersDelegate
    private LauncherOption launcher = new LauncherOption();

    @ParametersDelegate
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @ParametersDelegate
    private ReachOptions reaching = new ReachOptions();

    @ParametersDelegate
    private PreparationOptions preparation = new PreparationOptions();

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        try (Setup setup = Setup.open(session, network);
                Reach reach = Reach.of(setup, reaching)) {
            List<Node> nodes = NodesInUse.discover(new DiscoverStage(setup, discovery, reach.questions()), sets);
            PlanStage stage = Preparation.planStage(setup, reach, discovery, launcher.name(), preparation);
            Planned planned = stage.run(nodes);
            if (dryRun) {
                session.terminal().out().print(PlanText.commands(planned.plan()));
                Preparation.report(planned.leftOut(), session.terminal());
                return Preparation.status(planned);
            }
            return new ProvisionStage(setup, reach).run(planned).status();
        }
    }
}
