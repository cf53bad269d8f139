// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sciabc.launch.NodeGroups.Group;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.launch.PreflightRound.Question;
import org.sciabc.launch.RememberedAnswers.Remembered;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.Finding;
import org.sciabc.spi.Finding.Severity;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/** What is checked before a job: one round of questions to all nodes at once, and what follows from the answers. */
public final class Preflight {
    private final JobLauncher launcher;
    private final Path folder;
    private final InstantSource clock;
    private final KeptConnections kept;

    /**
     * Checks for a launcher.
     *
     * @param folder where the person is
     * @param kept the connections that the remote shell has kept open
     */
    public Preflight(JobLauncher launcher, Path folder, InstantSource clock, KeptConnections kept) {
        this.launcher = launcher;
        this.folder = folder;
        this.clock = clock;
        this.kept = kept;
    }

    /** Where a job's file stands on a node, beside the one of the same name on this machine. */
    public enum Place {
        /** It is there, with the same contents. */
        SAME,
        /** It is there, with other contents. */
        DIFFERENT,
        /** It is there; it belongs to the system, or is not on this machine. */
        UNCOMPARED,
        /** It is not there. */
        ABSENT
    }

    /**
     * What may be decided by the person.
     *
     * @param largestGroup whether to run on the largest group of nodes that fit together
     * @param networks the network to use; empty where that is to be found out
     */
    public record Wanted(boolean largestGroup, List<Subnet> networks) {
        public Wanted {
            networks = List.copyOf(networks);
        }
    }

    /**
     * What came of it.
     *
     * @param nodes those to run on, in order
     * @param networks those to use; empty when the launcher is to choose
     * @param findings what keeps the job from running or is likely to spoil it, except for {@code absences}
     * @param absences the findings about files that are not on a node: moot for who brings them there
     * @param places where the program and then an interpreter's script are on each of the nodes
     * @param groups the groups of nodes that fit together, a line each; one line where all do
     * @param answers what machines have said, for whoever asks them once more in the same launch
     */
    public record Result(
            List<ReadyNode> nodes,
            List<Subnet> networks,
            List<Finding> findings,
            List<Finding> absences,
            List<List<Place>> places,
            List<String> groups,
            EarlierAnswers answers) {
        public Result {
            nodes = List.copyOf(nodes);
            networks = List.copyOf(networks);
            findings = List.copyOf(findings);
            absences = List.copyOf(absences);
            places = places.stream().map(List::copyOf).toList();
            groups = List.copyOf(groups);
        }

        private Result from(EarlierAnswers newAnswers) {
            return new Result(nodes, networks, findings, absences, places, groups, newAnswers);
        }
    }

    /** Lets go of what machines answered before, so that the next job asks them everything. */
    public static void forget(Path stateFolder) throws SciabcException {
        RememberedAnswers.forget(stateFolder);
    }

    /**
     * Asks and judges. Nothing is changed on any machine, and the program is not run.
     *
     * @param earlier what these machines have said in this launch, before something was brought to them
     * @param answered is run when all have answered, before that is judged
     */
    public Result run(LaunchRequest draft, Wanted wanted, EarlierAnswers earlier, Runnable answered)
            throws InterruptedException {
        Asked asked = ask(draft, earlier);
        answered.run();
        Result result = asked.result(draft, wanted);
        EarlierAnswers answers =
                asked.forOthers(earlier.isNone() ? asked.surroundings(result.groups()) : earlier.surroundings());
        asked.remember(result.findings());
        return result.from(answers);
    }

    /** Asks all nodes of the job, and this machine. */
    Asked ask(LaunchRequest draft) throws InterruptedException {
        return ask(draft, EarlierAnswers.NONE);
    }

    private Asked ask(LaunchRequest draft, EarlierAnswers earlier) throws InterruptedException {
        List<Probe> probes =
                new ArrayList<>(PreflightProbes.ofEveryMachine(draft.job().command(), folder));
        probes.addAll(launcher.probes(draft));
        PreflightRound round = new PreflightRound(draft.processes(), clock, kept);
        // What was brought for one job has a place that no other job's has: nothing of it is worth remembering.
        Optional<RememberedAnswers> memory =
                earlier.isNone() ? Optional.of(RememberedAnswers.of(draft.stateFolder(), probes)) : Optional.empty();
        List<Question> questions = new ArrayList<>();
        for (int index = 0; index < draft.nodes().size(); index++) {
            List<Probe> ofNode = new ArrayList<>(probes);
            ofNode.add(PreflightProbes.nowAndLinks(folder, index, draft.nodes()));
            questions.add(question(Optional.of(draft.nodes().get(index)), ofNode, memory));
        }
        List<Probe> here = new ArrayList<>(probes);
        here.add(PreflightProbes.now(folder));
        questions.add(question(Optional.empty(), here, memory));
        if (earlier.isNone()) {
            return new Asked(draft, round, questions, round.ask(questions, draft.remoteShell()), memory);
        }
        List<Question> open = questions.stream()
                .map(each -> Question.following(each.node(), earlier.open(name(each.node()), each.probes())))
                .toList();
        List<Answered> fresh = round.ask(open, draft.remoteShell());
        List<Answered> answered = new ArrayList<>();
        for (Question each : questions) {
            answered.add(earlier.completed(name(each.node()), each.probes(), fresh.get(answered.size())));
        }
        return new Asked(draft, round, questions, answered, memory);
    }

    private static Question question(Optional<ReadyNode> node, List<Probe> probes, Optional<RememberedAnswers> memory) {
        return memory.isPresent()
                ? Question.remembering(node, probes, memory.get().of(name(node)))
                : new Question(node, probes);
    }

    /** What tells a machine from others; another one in its place is told by what it answers. */
    private static String name(Optional<ReadyNode> node) {
        return node.map(each ->
                        each.address().getHostAddress() + " " + each.node().port())
                .orElse("here");
    }

    /** What all have answered; to be judged for the nodes together, or for some of them. */
    final class Asked {
        private final LaunchRequest asked;
        private final PreflightRound round;
        private final List<Question> questions;
        private final List<Answered> answered;
        private final Optional<RememberedAnswers> memory;

        private Asked(
                LaunchRequest asked,
                PreflightRound round,
                List<Question> questions,
                List<Answered> answered,
                Optional<RememberedAnswers> memory) {
            this.asked = asked;
            this.round = round;
            this.questions = questions;
            this.answered = answered;
            this.memory = memory;
        }

        /**
         * Only answers that led to no finding: who mends what was found must not be told of it again. A warning that is about
         * the machines together, such as that they share no network, is not about what one of them answered.
         */
        private void remember(List<Finding> findings) {
            if (memory.isEmpty()
                    || findings.stream()
                            .anyMatch(each -> each.severity() == Severity.STOP
                                    && each.nodes().isEmpty())) {
                return;
            }
            for (int index = 0; index < questions.size(); index++) {
                Question question = questions.get(index);
                if (findings.stream()
                        .noneMatch(each ->
                                question.node().filter(each.nodes()::contains).isPresent())) {
                    Answered answer = answered.get(index);
                    memory.get()
                            .keep(name(question.node()), answer.answers(), question.probes(), clock(question, answer));
                }
            }
            try {
                memory.get().write();
            } catch (SciabcException full) {
                // The next launch asks everything again; this one knows what it needs.
                return;
            }
        }

        private EarlierAnswers forOthers(Optional<String> surroundings) {
            EarlierAnswers answers = new EarlierAnswers(surroundings, System::nanoTime);
            for (int index = 0; index < questions.size(); index++) {
                Question question = questions.get(index);
                answers.add(name(question.node()), question.probes(), answered.get(index));
            }
            return answers;
        }

        /** What each machine says of them; none where one of them does not, or no process stays that would compare them. */
        private Optional<String> surroundings(List<String> builds) {
            if (kept.shells().isEmpty()) {
                return Optional.empty();
            }
            StringBuilder text = new StringBuilder(String.join("\n", builds));
            for (int index = 0; index < questions.size(); index++) {
                String machine = name(questions.get(index).node());
                Map<String, String> answers = answered.get(index).answers();
                String sight = answers.containsKey(PreflightScript.SAME)
                        ? memory.flatMap(all -> all.of(machine))
                                .map(Remembered::sight)
                                .orElse("")
                        : answers.getOrDefault(PreflightScript.SIGHT, "");
                String seen = PreflightScript.surroundings(sight);
                if (!seen.contains("\nfile ") || sight.lines().anyMatch("doubt"::equals)) {
                    return Optional.empty();
                }
                text.append('\n').append(machine).append('\n').append(seen);
            }
            return Optional.of(text.toString());
        }

        /** A node says what its clock is; this machine is not asked. */
        private static String clock(Question question, Answered answer) {
            return question.node().isEmpty()
                    ? Long.toString(answer.end().getEpochSecond())
                    : Probe.words(answer.answers().getOrDefault(PreflightProbes.NOW, ""))
                            .getOrDefault("clock", "");
        }

        /** What would come of the job on these nodes alone. */
        Result on(List<ReadyNode> nodes) throws InterruptedException {
            return result(asked.withNodes(nodes, asked.networks()), new Wanted(false, List.of()));
        }

        private Result result(LaunchRequest draft, Wanted wanted) throws InterruptedException {
            List<Answered> theirs = new ArrayList<>();
            draft.nodes().forEach(node -> theirs.add(answered.get(asked.nodes().indexOf(node))));
            theirs.add(answered.get(answered.size() - 1));
            return new Judgement(draft, wanted, round, theirs).result();
        }
    }

    /** One run's answers and what becomes of them. */
    private final class Judgement {
        private final LaunchRequest draft;
        private final Wanted wanted;
        private final PreflightRound round;
        private final List<String> files;
        private final List<Answered> answered;
        private final Answered manager;
        private final MachineReport managerReport;
        private final List<Finding> findings = new ArrayList<>();
        private List<Integer> chosen;
        private List<ReadyNode> nodes;
        private List<MachineReport> reports;

        Judgement(LaunchRequest draft, Wanted wanted, PreflightRound round, List<Answered> answered) {
            this.draft = draft;
            this.wanted = wanted;
            this.round = round;
            this.files = PreflightProbes.files(draft.job().command());
            this.answered = answered.subList(0, draft.nodes().size());
            this.manager = answered.get(answered.size() - 1);
            this.managerReport = MachineReport.of(manager, files.size());
            this.chosen = IntStream.range(0, draft.nodes().size())
                    .filter(index -> answered.get(index).failure().isEmpty())
                    .boxed()
                    .toList();
            this.nodes = List.of();
            this.reports = List.of();
        }

        Result result() throws InterruptedException {
            findings.addAll(Unreachable.findings(draft.nodes(), answered));
            narrow(chosen);
            NodeGroups groups = groups();
            judge(groups);
            List<Finding> absences = new ArrayList<>();
            List<List<Place>> places = new ArrayList<>();
            for (int number = 0; number < files.size(); number++) {
                ProgramChecks checks = new ProgramChecks(files.get(number), number, nodes, reports, managerReport);
                // Who brings a script does not bring its interpreter.
                (number == 0 && files.size() > 1 ? findings : absences).addAll(checks.presence());
                findings.addAll(checks.fitness(number == 0));
                if (!isInFolderOfJob(files.get(number))) {
                    findings.addAll(checks.contents());
                }
                places.add(checks.places());
            }
            findings.addAll(
                    new MachineChecks(nodes, reports).findings(draft.job().oversubscribe()));
            findings.addAll(launcher.check(
                    new CheckRequest(narrowed(), PythonProgram.told(answers(), manager.answers()), manager.answers())));
            NetworkChoice choice = new NetworkChoice(nodes, reports, managerReport, draft, round);
            List<Subnet> networks = nodes.isEmpty() ? draft.networks() : choice.choose(wanted.networks());
            findings.addAll(choice.findings());
            return new Result(
                    nodes,
                    networks,
                    findings,
                    absences,
                    places,
                    groups.groups().stream().map(Group::text).toList(),
                    EarlierAnswers.NONE);
        }

        /** What is there was brought for this job, to each kind of machine what was compiled for it. */
        private boolean isInFolderOfJob(String file) {
            return draft.job()
                    .folder()
                    .filter(own -> file.startsWith(own + "/"))
                    .isPresent();
        }

        private void narrow(List<Integer> indexes) {
            chosen = indexes;
            nodes = indexes.stream().map(draft.nodes()::get).toList();
            reports = indexes.stream()
                    .map(index -> MachineReport.of(answered.get(index), files.size()))
                    .toList();
        }

        private NodeGroups groups() {
            return NodeGroups.of(
                    nodes,
                    reports,
                    answers().stream().map(launcher::build).toList(),
                    launcher.build(manager.answers()));
        }

        private void judge(NodeGroups groups) {
            if (groups.groups().isEmpty()) {
                return;
            }
            Group largest = groups.groups().get(0);
            if (!groups.allFit() && !wanted.largestGroup()) {
                findings.add(new Finding(
                        Severity.STOP,
                        "the nodes do not fit together",
                        List.of(),
                        groups.evidence(),
                        "'--largest-group' runs it on " + Unreachable.names(largest.nodes())
                                + "; '--hostfile' names nodes of your choice"));
            } else if (!largest.launchable()) {
                findings.add(new Finding(
                        Severity.STOP,
                        "this machine cannot launch there",
                        largest.nodes(),
                        launcher.build(manager.answers()) + " is here, and " + largest.build() + " there",
                        "launch from a machine that has what the nodes have"));
            }
            if (!groups.allFit() && wanted.largestGroup()) {
                narrow(largest.indexes().stream().map(chosen::get).toList());
            }
        }

        private List<Map<String, String>> answers() {
            return chosen.stream().map(index -> answered.get(index).answers()).toList();
        }

        private LaunchRequest narrowed() {
            return draft.withNodes(nodes, draft.networks());
        }
    }
}
