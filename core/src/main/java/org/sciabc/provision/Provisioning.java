// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.sciabc.provision.Facts.Place;
import org.sciabc.provision.Outcome.Result;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.SciabcException;

/**
 * Carries a plan out, on many nodes at once. Each step is written into the node's journal before it is made, so that it can
 * be cut off at any point: the next plan goes on from there, and {@link Restoration} undoes all of it.
 */
public final class Provisioning {
    private static final String GOES_ON = "mend that and provision again: it goes on from there";

    private final Access access;
    private final Crowd crowd;
    private final PlanRequest request;
    private final ProvisionListener listener;
    private final NodeLayout layout;

    public Provisioning(Access access, Crowd crowd, PlanRequest request, ProvisionListener listener) {
        this(access, crowd, request, listener, NodeLayout.STANDARD);
    }

    Provisioning(Access access, Crowd crowd, PlanRequest request, ProvisionListener listener, NodeLayout layout) {
        this.access = access;
        this.crowd = crowd;
        this.request = request;
        this.listener = listener;
        this.layout = layout;
    }

    /**
     * Carries it out.
     *
     * @return one outcome a node, in the plan's order
     * @throws InterruptedException when the thread was interrupted; what was started on the nodes is being ended, what was
     *     done is in their journals, and the outcomes so far went to the listener
     */
    public List<Outcome> carryOut(Plan plan) throws InterruptedException {
        Map<Node, NodePlan> plans = new HashMap<>();
        plan.nodes().forEach(each -> plans.put(each.node(), each));
        Map<Node, Work> unfinished = new ConcurrentHashMap<>();
        Crowd.Work<Outcome> work = (node, deadline) -> {
            Work own = new Work(Objects.requireNonNull(plans.get(node)), deadline);
            unfinished.put(node, own);
            Outcome outcome = own.outcome();
            unfinished.remove(node);
            tell(new ProvisionEvent.Ended(node, outcome));
            return outcome;
        };
        List<Node> nodes = plan.nodes().stream().map(NodePlan::node).toList();
        List<Outcome> outcomes = new ArrayList<>();
        try {
            for (var result : crowd.each(nodes, work, access::drop)) {
                if (result instanceof Crowd.Done<Outcome> done) {
                    outcomes.add(done.value());
                } else if (result instanceof Crowd.Failed<Outcome> failed) {
                    access.drop(failed.node());
                    outcomes.add(cutOff(failed.node(), unfinished, failed.reason()));
                }
            }
        } catch (InterruptedException interrupted) {
            SciabcException reason = new SciabcException("interrupted", "", "provision again: it goes on from there");
            nodes.stream().filter(unfinished::containsKey).forEach(node -> cutOff(node, unfinished, reason));
            throw interrupted;
        }
        return List.copyOf(outcomes);
    }

    /** What was done on a node and what it said until then counts, however its work ended. */
    private Outcome cutOff(Node node, Map<Node, Work> unfinished, SciabcException reason) {
        Outcome outcome = Optional.ofNullable(unfinished.remove(node))
                .map(work -> work.cutOff(reason))
                .orElseGet(() -> leftOut(node, reason));
        tell(new ProvisionEvent.Ended(node, outcome));
        return outcome;
    }

    /** The outcome of a node whose work never began. */
    private static Outcome leftOut(Node node, SciabcException reason) {
        return new Outcome(
                node, Result.LEFT_OUT, words(reason), reason.hint(), 0, List.of(), List.of(), java.time.Duration.ZERO);
    }

    private static String words(SciabcException reason) {
        return reason.why().isEmpty() ? reason.what() : reason.what() + ": " + reason.why();
    }

    private synchronized void tell(ProvisionEvent event) {
        listener.happened(event);
    }

    /** The work on one node. */
    private final class Work {
        private final NodePlan plan;
        private final Node node;
        private final Deadline deadline;
        private final NodeOutput output = new NodeOutput();
        private final Consumer<ProvisionEvent> events = Provisioning.this::tell;
        /** One for each session, so that what was done until now can be told at any time, from any thread. */
        private final List<StepProgress> sessions = new CopyOnWriteArrayList<>();

        Work(NodePlan plan, Deadline deadline) {
            this.plan = plan;
            this.node = plan.node();
            this.deadline = deadline;
        }

        Outcome outcome() throws SciabcException, InterruptedException {
            tell(new ProvisionEvent.Began(node));
            Optional<String> failure = steps();
            if (failure.isPresent()) {
                return ended(Result.FAILED, failure.get(), Optional.of(GOES_ON));
            }
            if (!plan.willBeReady()) {
                return ended(Result.LEFT_OUT, remainder(), hint());
            }
            return ended(Result.READY, "", Optional.empty());
        }

        Outcome cutOff(SciabcException reason) {
            return ended(Result.LEFT_OUT, words(reason), reason.hint());
        }

        /** What root does comes first: accounts and packages are what the rest stands on. */
        private Optional<String> steps() throws SciabcException, InterruptedException {
            List<Step> system = plan.steps().stream()
                    .filter(step -> step.place() == Place.SYSTEM)
                    .toList();
            List<Step> home = plan.steps().stream()
                    .filter(step -> step.place() == Place.HOME)
                    .toList();
            List<Step> ordered = new ArrayList<>(system);
            ordered.addAll(home);
            boolean elsewhere = account().isPresent() && !home.isEmpty();
            send(system);
            Optional<String> failure =
                    system.isEmpty() && !elsewhere ? Optional.empty() : session(Place.SYSTEM, system, ordered, 1);
            if (failure.isEmpty() && !home.isEmpty()) {
                failure = session(Place.HOME, home, ordered, system.size() + 1);
            }
            if (failure.isEmpty() && home.stream().anyMatch(step -> step.kind() == Step.Kind.KEY)) {
                failure = proof();
            }
            return failure;
        }

        /** What the steps take from files of the manager's has to be there before. */
        private void send(List<Step> system) throws SciabcException, InterruptedException {
            Sending sending = new Sending(
                    node, access.connection(node, deadline), layout, output, deadline, Provisioning.this::tell);
            for (Step step : system) {
                if (step.kind() == Step.Kind.DISTRIBUTION
                        && request.distribution().isPresent()) {
                    sending.distribution(request.distribution().get());
                } else if (step.sent().isPresent() && request.packages().isPresent()) {
                    Step.Sent sent = step.sent().get();
                    sending.packages(request.packages().get(), sent.files(), sent.names(), sent.interrupted());
                }
            }
        }

        private Optional<String> session(Place place, List<Step> part, List<Step> all, int first)
                throws SciabcException, InterruptedException {
            NodeConnection connection = access.connection(node, deadline);
            StepProgress progress = new StepProgress(node, journalOf(place), all, output, events);
            sessions.add(progress);
            String script = new SessionScript(layout, request).steps(place, part, first);
            Session session = new Session(connection, plan.privilege().level(), access.password(node), account());
            try {
                ExitStatus status = session.run(place, script, deadline, progress::line);
                return status.isOk()
                        ? Optional.empty()
                        : progress.failure().or(() -> Optional.of(sessionFailure(progress, status)));
            } finally {
                progress.copy()
                        .map(copy -> copy.from(connection.hostKey()))
                        .ifPresent(copy -> tell(new ProvisionEvent.Journaled(node, copy)));
            }
        }

        private String journalOf(Place place) {
            return place == Place.SYSTEM
                    ? JournalCopy.SYSTEM
                    : account().orElse(plan.user().name());
        }

        private Optional<String> account() {
            return request.accountBeside(plan.user().name());
        }

        private String sessionFailure(StepProgress progress, ExitStatus status) {
            String words = progress.lastWords();
            return words.isEmpty() ? "the session on the node ended with status " + status.code() : words;
        }

        /** Launchers log in with the key alone, so that has to be seen to work. */
        private Optional<String> proof() throws InterruptedException {
            try {
                access.proveKeyLogin(node, request.account().orElse(plan.user().name()), deadline);
                return Optional.empty();
            } catch (SciabcException refused) {
                return Optional.of("the key was added, and the node does not let it in: " + refused.why());
            }
        }

        private String remainder() {
            List<String> reasons = new ArrayList<>(plan.obstacles());
            if (!plan.administrator().isEmpty()) {
                reasons.add("root has to: "
                        + Wording.list(
                                plan.administrator().stream().map(Step::title).toList())
                        + " (" + plan.privilege().describe() + ")");
            }
            return String.join("; ", reasons);
        }

        private Optional<String> hint() {
            if (plan.administrator().isEmpty()) {
                return Optional.of("mend that on the node, and provision again");
            }
            return Optional.of(
                    plan.privilege().level() == Privilege.Level.PASSWORD_NEEDED
                            ? "give a password with --ask-password or --password-file"
                            : "use an account that may use sudo, or have an administrator run the script of the plan");
        }

        private Outcome ended(Result result, String why, Optional<String> hint) {
            return new Outcome(
                    node,
                    result,
                    why,
                    hint,
                    sessions.stream().mapToInt(StepProgress::finished).sum(),
                    sessions.stream()
                            .flatMap(session -> session.journal().stream())
                            .toList(),
                    output.lines(),
                    deadline.elapsed());
        }
    }
}
