// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.DiscoverStage;
import org.sciabc.cli.flow.JobStage;
import org.sciabc.cli.flow.JobsOfRoot;
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.PlanStage;
import org.sciabc.cli.flow.PlanStage.Planned;
import org.sciabc.cli.flow.Preparation;
import org.sciabc.cli.flow.ProvisionStage;
import org.sciabc.cli.flow.ProvisionStage.Provisioned;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.flow.Timing;
import org.sciabc.cli.option.CheckOptions;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.JobOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.PreparationOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.RunOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.option.WarmOptions;
import org.sciabc.provision.PlanText;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** {@code sciabc up}. */
@Parameters(separators = "=")
public final class UpVerb implements Verb {
    @Parameter(names = "--dry-run", description = "print the exact commands of the plan and stop")
    private boolean dryRun;

    @Parameter(names = "--partly", description = "run the job although some nodes did not become ready")
    private boolean partly;

    @Parameter(
            names = {"-o", "--output"},
            description = "FILE | write the hostfile to this file, too")
    private @Nullable String output;

    @ParametersDelegate
    private JobOptions job = new JobOptions();

    @ParametersDelegate
    private CheckOptions checks = new CheckOptions();

    @ParametersDelegate
    private WarmOptions warm = new WarmOptions();

    @ParametersDelegate
    private RunOptions running = new RunOptions();

    @ParametersDelegate
    private SlotOptions slots = new SlotOptions();

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
        LaunchRequest.Job named = LaunchStage.job(session, job);
        JobStage.check(session, running, named);
        checks.check();
        slots.slots();
        try (Timing timing = Timing.ofProcess(session, warm.showsTiming(), "configuration and plugins");
                Setup setup = Setup.open(session, network)) {
            LaunchRequest.Job wanted = setup.permitted(named, setup.backendNames(discovery.backends()));
            return run(setup, wanted, timing);
        }
    }

    private int run(Setup setup, LaunchRequest.Job wanted, Timing timing) throws SciabcException, InterruptedException {
        Terminal terminal = setup.session().terminal();
        try (Reach reach = Reach.of(setup, reaching)) {
            timing.stage("finding nodes");
            terminal.step("discovering nodes");
            List<Node> nodes =
                    NodesInUse.discover(DiscoverStage.explaining(setup, discovery, reach.questions()), List.of());
            LaunchStage launch = new LaunchStage(setup, reach, setup.launcher(slots.launcher()), checks)
                    .beginning(warm.isCold(), timing);
            if (!dryRun) {
                List<ReadyNode> expected = launch.ready(nodes, slots);
                if (preparation.newUser().isEmpty()) {
                    JobsOfRoot.check(wanted, expected);
                }
                launch.requireLauncherHere(expected, wanted);
            }
            PlanStage stage = Preparation.planStage(setup, reach, discovery, slots.launcher(), preparation);
            timing.stage("planning");
            terminal.step("planning");
            Planned planned = stage.run(nodes);
            if (dryRun) {
                terminal.out().print(PlanText.commands(planned.plan()));
                Preparation.report(planned.leftOut(), terminal);
                return Preparation.status(planned);
            }
            timing.stage("provisioning");
            terminal.step("provisioning");
            Provisioned provisioned = new ProvisionStage(setup, reach).run(planned);
            if (provisioned.ready().isEmpty() || (!provisioned.failures().isEmpty() && !partly)) {
                terminal.hint(
                        provisioned.ready().isEmpty()
                                ? "no node is ready, so the job was not started"
                                : "the job was not started; --partly runs it on the nodes that are ready");
                return provisioned.status();
            }
            List<ReadyNode> ready = launch.ready(provisioned.ready(), slots);
            if (output != null) {
                launch.writeHostfile(ready, output);
            }
            terminal.step("launching on " + launch.describe(ready));
            return new JobStage(setup, reach, launch, running)
                    .findingAgain(
                            () -> launch.ready(NodesInUse.again(Optional.empty(), setup, discovery, reach), slots))
                    .run(ready, wanted);
        }
    }

    @Override
    public boolean takesJob() {
        return true;
    }
}
