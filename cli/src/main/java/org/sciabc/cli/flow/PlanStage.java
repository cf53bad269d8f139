// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.option.PreparationOptions;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Facts;
import org.sciabc.provision.FactsGathering;
import org.sciabc.provision.LocalDistribution;
import org.sciabc.provision.NodePlan;
import org.sciabc.provision.PackageFolder;
import org.sciabc.provision.Plan;
import org.sciabc.provision.PlanRequest;
import org.sciabc.provision.Planner;
import org.sciabc.spi.Component;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;

/** The second stage: what would make the nodes ready. Looks, and changes nothing. */
public final class PlanStage {
    private static final int WIDTH = 64;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Setup setup;
    private final Reach reach;
    private final List<Chosen<? extends Component>> components;
    private final PreparationOptions options;

    /**
     * A stage.
     *
     * @param components the components whose requirements are planned for
     * @param options what is wanted besides
     */
    public PlanStage(
            Setup setup, Reach reach, List<Chosen<? extends Component>> components, PreparationOptions options) {
        this.setup = setup;
        this.reach = reach;
        this.components = List.copyOf(components);
        this.options = options;
    }

    /**
     * What came of it.
     *
     * @param request what all nodes are to be like
     * @param plan the plan for the nodes that answered
     * @param facts what they said
     * @param leftOut those that did not answer, and why
     */
    public record Planned(PlanRequest request, Plan plan, Map<Node, Facts> facts, Map<Node, SciabcException> leftOut) {}

    /** What all nodes are to be like. */
    private PlanRequest request(List<Node> nodes) throws SciabcException {
        List<ReadyNode> ready = new ArrayList<>();
        for (Node node : nodes) {
            String user = options.newUser().orElse(reach.user(node).name());
            ready.add(new ReadyNode(node, node.addresses().get(0), user, 1));
        }
        List<Requirement> requirements = new ArrayList<>();
        for (Chosen<? extends Component> each : components) {
            requirements.addAll(each.component()
                    .requirements(
                            new RequirementsRequest(setup.cluster(), each.settings(), setup.stateFolder(), ready)));
        }
        PlanRequest request = PlanRequest.of(setup.cluster(), requirements);
        if (options.newUser().isPresent()) {
            request = request.withAccount(options.newUser().get());
        }
        if (options.packageFolder().isPresent()) {
            request = request.withPackagesFrom(packages(options.packageFolder().get()));
        }
        Optional<Path> own = setup.session().folders().distribution();
        if (own.isPresent() && requirements.stream().anyMatch(Requirement.HostDistribution.class::isInstance)) {
            Path archive = setup.stateFolder().resolve("distribution.tar");
            request = request.withDistribution(LocalDistribution.pack(own.get(), archive));
        }
        return request;
    }

    private static PackageFolder packages(String folder) throws CliFailure {
        try {
            return PackageFolder.open(folder);
        } catch (SciabcException unusable) {
            throw CliFailure.of(ExitCode.USAGE, unusable);
        }
    }

    /** Asks the nodes and plans. */
    public Planned run(List<Node> nodes) throws SciabcException, InterruptedException {
        reach.askPasswords(nodes);
        if (options.isMutual()) {
            // Only who was reached once has a host key that the others can be told.
            gathering().gather(nodes, PlanRequest.of(setup.cluster(), List.of()));
        }
        PlanRequest request = request(nodes);
        FactsGathering.Gathered gathered = gathering().gather(nodes, request);
        Planner planner = new Planner(request);
        List<NodePlan> plans = new ArrayList<>();
        gathered.facts().forEach((node, facts) -> plans.add(planner.plan(node, reach.user(node), facts)));
        return new Planned(
                request,
                new Plan(plans),
                new LinkedHashMap<>(gathered.facts()),
                new LinkedHashMap<>(gathered.leftOut()));
    }

    private FactsGathering gathering() {
        return gathering(reach);
    }

    static FactsGathering gathering(Reach reach) {
        return new FactsGathering(reach.access(), crowd(LIMIT), InstantSource.system());
    }

    static Crowd crowd(Duration limit) {
        return new Crowd(WIDTH, limit);
    }
}
