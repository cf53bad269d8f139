// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.flow.JobStage;
import org.sciabc.cli.flow.LaunchStage;
import org.sciabc.cli.flow.NodesInUse;
import org.sciabc.cli.flow.Reach;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.flow.Timing;
import org.sciabc.cli.option.CheckOptions;
import org.sciabc.cli.option.DiscoveryOptions;
import org.sciabc.cli.option.JobOptions;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.cli.option.RunOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.option.WarmOptions;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** {@code sciabc launch}. */
@Parameters(separators = "=")
public final class LaunchVerb implements Verb {
    @Parameter(description = "NODES")
    private List<String> sets = new ArrayList<>();

    @Parameter(
            names = "--hostfile",
            description = "FILE | run on the nodes of this file instead of those that are found")
    private @Nullable String hostfile;

    @Parameter(names = "--dry-run", description = "print the hostfile of the run and stop")
    private boolean dryRun;

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
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        LaunchRequest.Job named = LaunchStage.job(session, job);
        JobStage.check(session, running, named);
        checks.check();
        slots.slots();
        try (Timing timing = Timing.ofProcess(session, warm.showsTiming(), "configuration and plugins");
                Setup setup = Setup.open(session, network)) {
            LaunchRequest.Job wanted =
                    setup.permitted(named, hostfile == null ? setup.backendNames(discovery.backends()) : List.of());
            return run(setup, wanted, timing);
        }
    }

    private int run(Setup setup, LaunchRequest.Job wanted, Timing timing) throws SciabcException, InterruptedException {
        try (Reach reach = Reach.of(setup, reaching)) {
            timing.stage("finding nodes");
            List<Node> nodes =
                    NodesInUse.selected(NodesInUse.of(Optional.ofNullable(hostfile), setup, discovery, reach), sets);
            LaunchStage stage = new LaunchStage(setup, reach, setup.launcher(slots.launcher()), checks)
                    .beginning(warm.isCold(), timing);
            List<ReadyNode> ready = ready(stage, nodes);
            if (dryRun) {
                setup.session().terminal().out().print(stage.hostfile(ready));
                return ExitCode.OK;
            }
            return new JobStage(setup, reach, stage, running)
                    .findingAgain(() -> ready(
                            stage,
                            NodesInUse.among(
                                    NodesInUse.again(Optional.ofNullable(hostfile), setup, discovery, reach), sets)))
                    .run(ready, wanted);
        }
    }

    @Override
    public boolean takesJob() {
        return true;
    }

    private List<ReadyNode> ready(LaunchStage stage, List<Node> nodes) throws SciabcException {
        return hostfile == null ? stage.ready(nodes, slots) : stage.listed(nodes, slots);
    }
}
