// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.PlanJson;
import org.sciabc.cli.flow.AdministratorScripts;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.PlanStage;
import org.sciabc.cli.flow.PlanStage.Planned;
import org.sciabc.cli.flow.Preparation;
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

/** {@code sciabc plan}. */
@Parameters(separators = "=")
public final class PlanVerb implements Verb {
    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Parameter(
            names = "--script",
            description = "FOLDER | write what root has to do there as scripts to run by hand, one for equal nodes")
    private @Nullable String scriptFolder;

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
            if (json) {
                session.terminal()
                        .json(PlanJson.of(setup.cluster(), planned.plan(), planned.facts(), planned.leftOut()));
            } else {
                session.terminal().out().print(PlanText.commands(planned.plan()));
            }
            if (scriptFolder != null) {
                new AdministratorScripts(planned.request(), session.terminal()).write(planned.plan(), scriptFolder);
            }
            Preparation.report(planned.leftOut(), session.terminal());
            return Preparation.status(planned);
        }
    }
}
