// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Progress;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.flow.PlanStage.Planned;
import org.sciabc.provision.ChosenUser;
import org.sciabc.provision.Facts;
import org.sciabc.provision.JournalCopies;
import org.sciabc.provision.NodePlan;
import org.sciabc.provision.Outcome;
import org.sciabc.provision.Plan;
import org.sciabc.provision.PlanText;
import org.sciabc.provision.ProvisionEvent;
import org.sciabc.provision.Provisioning;
import org.sciabc.roster.RememberedUsers;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/** The third stage: shows the plan, asks, and carries it out. */
public final class ProvisionStage {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Terminal terminal;
    private final Reach reach;
    private final Setup setup;
    private final OutputFiles output;
    private final Map<Node, Outcome> ended = new ConcurrentHashMap<>();

    public ProvisionStage(Setup setup, Reach reach) {
        this.setup = setup;
        this.terminal = setup.session().terminal();
        this.reach = reach;
        this.output = new OutputFiles(setup::stateFolder, terminal);
    }

    /**
     * What came of it.
     *
     * @param ready the nodes that are ready, in order
     * @param failures for each that is not, why
     */
    public record Provisioned(List<Node> ready, Map<Node, SciabcException> failures) {
        /** The exit status: 0, or 75 when nodes were left out, or 69 when nobody was reached. */
        public int status() {
            if (failures.isEmpty()) {
                return ExitCode.OK;
            }
            return ready.isEmpty() && failures.values().stream().noneMatch(StepFailure.class::isInstance)
                    ? ExitCode.UNAVAILABLE
                    : ExitCode.PARTLY;
        }
    }

    /** A node that was reached and did not become ready. */
    private static final class StepFailure extends SciabcException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<Path> said;

        StepFailure(Outcome outcome, Optional<Path> said) {
            super("not ready", outcome.why(), outcome.hint().orElse(""));
            this.said = said;
        }
    }

    /** Shows what would be done, asks unless nothing would be, and does it. */
    public Provisioned run(Planned planned) throws SciabcException, InterruptedException {
        Plan plan = planned.plan();
        terminal.err().print(terminal.isVerbose() ? PlanText.commands(plan) : PlanText.steps(plan));
        boolean changes = plan.nodes().stream().anyMatch(node -> !node.steps().isEmpty());
        if (changes && !reach.questions().agrees("Carry this out?", "--yes")) {
            throw new CliFailure(ExitCode.PARTLY, "nothing was changed", "you did not agree", "");
        }
        try {
            return settled(planned, changes ? carryOut(planned) : untouched(plan));
        } catch (InterruptedException interrupted) {
            if (!ended.isEmpty()) {
                settled(planned, soFar(plan));
            }
            throw interrupted;
        }
    }

    private Provisioned settled(Planned planned, List<Outcome> outcomes) throws SciabcException, InterruptedException {
        Map<Node, SciabcException> failures = new LinkedHashMap<>(planned.leftOut());
        outcomes.stream()
                .filter(outcome -> !outcome.isReady())
                .forEach(outcome -> failures.put(outcome.node(), new StepFailure(outcome, output.of(outcome.node()))));
        List<Node> ready =
                outcomes.stream().filter(Outcome::isReady).map(Outcome::node).toList();
        report(failures, terminal);
        sum(outcomes, failures.size());
        keepAccounts(planned, ready);
        return new Provisioned(ready, failures);
    }

    /** Says for each reason once which nodes it is about. */
    static void report(Map<Node, SciabcException> failures, Terminal terminal) {
        Map<String, List<Map.Entry<Node, SciabcException>>> byReason = failures.entrySet().stream()
                .collect(Collectors.groupingBy(ProvisionStage::generalReason, TreeMap::new, Collectors.toList()));
        byReason.forEach((reason, alike) -> {
            List<String> names =
                    alike.stream().map(failure -> failure.getKey().name()).toList();
            terminal.error(NodeSet.of(names) + ": " + reason);
            String hint = Stream.concat(alike.get(0).getValue().hint().stream(), whereTheySpoke(alike).stream())
                    .collect(Collectors.joining("; "));
            if (!hint.isEmpty()) {
                terminal.hint(hint);
            }
        });
    }

    private static Optional<String> whereTheySpoke(List<Map.Entry<Node, SciabcException>> alike) {
        List<Path> files = alike.stream()
                .flatMap(
                        each -> each.getValue() instanceof StepFailure failure ? failure.said.stream() : Stream.empty())
                .toList();
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        files.size() == 1
                                ? "what it said is in " + files.get(0)
                                : "what they said is in " + files.get(0).getParent());
    }

    /** The reason without the node's own name, so that the same failure on many nodes is said once. */
    private static String generalReason(Map.Entry<Node, SciabcException> failure) {
        SciabcException reason = failure.getValue();
        String text = reason.what() + (reason.why().isEmpty() ? "" : ": " + reason.why());
        return text.replaceAll(
                "(?<![\\w.-])" + Pattern.quote(failure.getKey().name()) + "(?![\\w-]|\\.\\w)", "the node");
    }

    private void sum(List<Outcome> outcomes, int failures) {
        int changes = outcomes.stream().mapToInt(Outcome::changes).sum();
        long ready = outcomes.stream().filter(Outcome::isReady).count();
        long all = ready + failures;
        terminal.say(ready + " of " + all + (all == 1 ? " node is" : " nodes are") + " ready, "
                + (changes == 0 ? "nothing was changed" : changes == 1 ? "1 change" : changes + " changes"));
    }

    /** The account that a node is ready for is the one to come with from now on. */
    private void keepAccounts(Planned planned, List<Node> ready) throws SciabcException, InterruptedException {
        Map<List<String>, List<Node>> byAccounts = new LinkedHashMap<>();
        for (Node node : ready) {
            ChosenUser came = reach.user(node);
            Optional<String> answered = planned.request()
                    .account()
                    .or(() -> came.origin() == ChosenUser.Origin.COMMAND_LINE
                            ? Optional.of(came.name())
                            : Optional.empty());
            Optional<NodeId> id = node.id().or(() -> idOf(planned, node));
            answered.ifPresent(account -> byAccounts
                    .computeIfAbsent(List.of(account, came.name()), first -> new ArrayList<>())
                    .add(id.map(node::withId).orElse(node)));
            planned.request().account().ifPresent(account -> reach.settle(node, account));
        }
        RememberedUsers remembered = new RememberedUsers(setup.stateFolder());
        for (var entry : byAccounts.entrySet()) {
            remembered.remember(
                    entry.getValue(), entry.getKey().get(0), entry.getKey().get(1));
        }
    }

    private static Optional<NodeId> idOf(Planned planned, Node node) {
        return Optional.ofNullable(planned.facts().get(node)).flatMap(Facts::id);
    }

    private List<Outcome> carryOut(Planned planned) throws InterruptedException {
        try (Progress progress = new Progress(terminal, System::nanoTime)) {
            return new Provisioning(
                            reach.access(), PlanStage.crowd(LIMIT), planned.request(), event -> show(event, progress))
                    .carryOut(planned.plan());
        }
    }

    /** How each node stood when somebody interrupted. */
    private List<Outcome> soFar(Plan plan) {
        return plan.nodes().stream()
                .map(node -> Optional.ofNullable(ended.get(node.node())).orElseGet(() -> notBegun(node.node())))
                .toList();
    }

    private static Outcome notBegun(Node node) {
        return new Outcome(
                node,
                Outcome.Result.LEFT_OUT,
                "interrupted before it was begun with",
                Optional.empty(),
                0,
                List.of(),
                List.of(),
                Duration.ZERO);
    }

    private static List<Outcome> untouched(Plan plan) {
        return plan.nodes().stream().map(ProvisionStage::untouched).toList();
    }

    private static Outcome untouched(NodePlan plan) {
        String why = String.join("; ", plan.obstacles());
        return new Outcome(
                plan.node(),
                plan.isReady() ? Outcome.Result.READY : Outcome.Result.LEFT_OUT,
                plan.isReady() ? "" : why.isEmpty() ? "an administrator has to run what is shown above" : why,
                Optional.empty(),
                0,
                List.of(),
                List.of(),
                Duration.ZERO);
    }

    /** That it cannot be kept keeps nobody from anything: the node has its own. */
    private void keepCopy(ProvisionEvent.Journaled journaled) {
        try {
            new JournalCopies(setup.stateFolder()).keep(journaled.node(), journaled.copy());
        } catch (SciabcException unwritable) {
            terminal.warning(unwritable.what() + ": " + unwritable.why());
        }
    }

    private void show(ProvisionEvent event, Progress progress) {
        String node = event.node().name();
        if (event instanceof ProvisionEvent.StepStarted step) {
            progress.doing(node, step.number() + "/" + step.count() + " " + step.title());
        } else if (event instanceof ProvisionEvent.Sending sending) {
            progress.doing(node, "sending " + sending.file() + " (" + sending.number() + "/" + sending.count() + ")");
        } else if (event instanceof ProvisionEvent.StepFailed step) {
            progress.doing(node, step.number() + "/" + step.count() + " " + step.title() + " failed");
        } else if (event instanceof ProvisionEvent.Said said) {
            if (said.line().startsWith("waiting for ")) {
                progress.doing(node, said.line());
            } else {
                terminal.detail("  " + node + ": " + said.line());
            }
        } else if (event instanceof ProvisionEvent.Journaled journaled) {
            keepCopy(journaled);
        } else if (event instanceof ProvisionEvent.Ended end) {
            output.keep(end.outcome());
            ended.put(end.node(), end.outcome());
            progress.done(node, end.outcome().isReady() ? "ready" : "not ready");
        }
    }
}
