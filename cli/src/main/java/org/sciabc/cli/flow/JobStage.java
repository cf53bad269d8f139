// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Interruption;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.HeldParagraphs;
import org.sciabc.cli.console.RecordedOutput;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.RunOptions;
import org.sciabc.launch.JobFolders;
import org.sciabc.launch.JobRecord;
import org.sciabc.launch.JobRecords;
import org.sciabc.launch.Launching;
import org.sciabc.launch.RollCall;
import org.sciabc.roster.JobWatch.Silence;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Durations;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;

/** Runs a job to its end: keeps its record, says what became of it, and runs it again where that was wanted. */
public final class JobStage {
    /** What timeout(1) ends with. */
    private static final int TIMED_OUT = 124;

    private final Setup setup;
    private final Reach reach;
    private final LaunchStage launch;
    private final RunOptions options;
    private List<String> command = List.of();
    private Finding findingAgain = List::of;
    private Optional<LaunchRequest> ran = Optional.empty();

    /** Looks for nodes once more. */
    @FunctionalInterface
    public interface Finding {
        /** The nodes that are there now. */
        List<ReadyNode> nodes() throws SciabcException, InterruptedException;
    }

    /** A run and what is to come of it. */
    private record Attempt(int status, List<Silence> silent) {}

    public JobStage(Setup setup, Reach reach, LaunchStage launch, RunOptions options) {
        this.setup = setup;
        this.reach = reach;
        this.launch = launch;
        this.options = options;
    }

    /** Refuses what cannot be run anywhere, before anybody looks for nodes. */
    public static void check(Session session, RunOptions options, LaunchRequest.Job job) throws CliFailure {
        options.check();
        StagingCheck.check(
                options.staging(), job.command(), session.environment().getOrDefault("PATH", ""));
    }

    /** Looks like this for nodes that joined, before the job is run again. */
    public JobStage findingAgain(Finding finding) {
        findingAgain = finding;
        return this;
    }

    /** Runs the job; the result is its own exit status. */
    public int run(List<ReadyNode> nodes, LaunchRequest.Job job) throws SciabcException, InterruptedException {
        command = job.command();
        LaunchRequest.Job wanted = options.tags() ? tagged(job) : job;
        int status;
        try (@SuppressWarnings("try")
                OwnConnections own = new OwnConnections(setup, reach)) {
            status = run(nodes, wanted, options.retries(), Optional.empty());
        }
        ran.ifPresent(launch::beginNext);
        return status;
    }

    /**
     * Runs it, and again where that is wanted. Each attempt has a folder of its own: what the one before has written on a node
     * is not what this one has.
     *
     * @param before what the attempt before has on nodes, which stays there until this one begins
     */
    private int run(List<ReadyNode> nodes, LaunchRequest.Job job, int retries, Optional<JobStaging> before)
            throws SciabcException, InterruptedException {
        try (JobStaging staging = new JobStaging(setup, reach, launch, options.staging())) {
            LaunchRequest request;
            Attempt attempt;
            try (Beginning beginning = launch.beginning()) {
                request = prepared(nodes, job, staging, beginning);
                beginning.checked(launch.surroundings());
                new LeftBehind(new JobFolders(setup.stateFolder()), reach.access(), terminal()).sweep(request.nodes());
                attempt = attempt(beginning, request, staging, before);
            }
            int ranks = request.ranks();
            if (attempt.silent().isEmpty()) {
                ran = Optional.of(request);
                boolean isHome = staging.fetch(request.nodes(), ranks);
                return attempt.status() == ExitCode.OK && !isHome ? ExitCode.PARTLY : attempt.status();
            }
            List<Node> dead = attempt.silent().stream().map(Silence::node).toList();
            staging.lost(dead);
            if (retries == 0) {
                staging.rescue(request.nodes(), ranks, dead);
                if (options.retries() == 0) {
                    terminal().hint("--retry 1 runs it again on the nodes that are left");
                }
                return attempt.status();
            }
            try {
                return again(nodes, attempt.silent(), job, retries - 1, staging);
            } catch (SciabcException | InterruptedException failure) {
                // Where no other attempt has begun, the results of this one are all that there will be.
                if (!staging.isClosed()) {
                    staging.rescue(request.nodes(), ranks, dead);
                }
                throw failure;
            }
        }
    }

    private int again(
            List<ReadyNode> before, List<Silence> silent, LaunchRequest.Job job, int retries, JobStaging staging)
            throws SciabcException, InterruptedException {
        List<ReadyNode> left = left(before, silent, staging.asRun(job), staging);
        LaunchRequest.Job wanted = options.scales() ? scaled(job, before, left) : job;
        requireSlots(wanted, left);
        terminal().step("running it again on " + launch.describe(left));
        launch.timing().again();
        if (options.staging().fetched().isEmpty()) {
            // Nothing is to be kept of it, and there may not be room for both.
            staging.close();
        }
        return run(left, wanted, retries, Optional.of(staging));
    }

    private static void requireSlots(LaunchRequest.Job job, List<ReadyNode> left) throws SciabcException {
        try {
            Launching.checkRanks(job, left);
        } catch (SciabcException tooFew) {
            throw new SciabcException(
                    tooFew.what(),
                    tooFew.why(),
                    "with '--scale', fewer processes run again; with '--oversubscribe', they share cores",
                    tooFew);
        }
    }

    private LaunchRequest.Job tagged(LaunchRequest.Job job) throws CliFailure {
        if (!launch.launcher().supports(JobLauncher.Feature.TAGGED_OUTPUT)) {
            throw CliFailure.usage(
                    "--tag does not work with the launcher " + launch.launcher().id(),
                    "it does not tell which rank wrote what",
                    "");
        }
        return job.withTags();
    }

    /** Checks, brings what is wanted or missing to the nodes that are left, and checks the job as it then is. */
    private LaunchRequest prepared(
            List<ReadyNode> nodes, LaunchRequest.Job job, JobStaging staging, Beginning beginning)
            throws SciabcException, InterruptedException {
        LaunchRequest.Job asRun = staging.asRun(job);
        LaunchRequest draft = launch.draft(nodes, staging.beforeBringing(asRun));
        if (launch.checksJobs()) {
            beginning.begin(launch.notOutlivingUs(draft));
        }
        // A job that brings files, or has input, is started otherwise than is known now.
        boolean isKnown = !staging.isWanted() && !terminal().readsFromPerson() && !hasInput();
        CheckStage.Checked checked = launch.checked(
                draft, !staging.isWanted() && staging.mayBring(asRun), isKnown ? beginning::answered : () -> {});
        List<ReadyNode> left = checked.request().nodes();
        if (!staging.isWanted() && !staging.isMissing(checked)) {
            return checked.request();
        }
        return launch.checkedAgain(launch.draft(left, staging.bring(checked.request(), asRun)), checked);
    }

    private boolean hasInput() {
        try {
            return terminal().in().available() > 0;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Runs it once. Who interrupts it has its results all the same, unless he does so twice. */
    private Attempt attempt(Beginning beginning, LaunchRequest request, JobStaging staging, Optional<JobStaging> before)
            throws SciabcException, InterruptedException {
        terminal().flush();
        launch.timing().stage("launcher and job");
        int ranks = request.ranks();
        try (JobRecords.Running kept = new JobRecords(setup.stateFolder())
                .begin(command, ranks, request.nodes(), InstantSource.system().instant())) {
            before.ifPresent(JobStaging::close);
            return recorded(beginning, kept, launch.notOutlivingUs(request), options.timeout());
        } catch (InterruptedException interrupted) {
            staging.rescue(request.nodes(), ranks, List.of());
            throw interrupted;
        }
    }

    private Attempt recorded(
            Beginning beginning, JobRecords.Running kept, LaunchRequest request, Optional<Duration> timeout)
            throws SciabcException, InterruptedException {
        Interruption.whenReaderLeaves(terminal());
        OutputStream out = new RecordedOutput(terminal().rawOut(), kept.output());
        HeldParagraphs err = new HeldParagraphs(new RecordedOutput(terminal().rawErr(), kept.output()));
        JobRun run = new JobRun(
                beginning,
                request,
                new RollCall(LaunchStage.processes(setup), request.remoteShell()),
                launch.answered(),
                setup.watchdog(),
                timeout,
                silent -> terminal().warning(stopped(silent) + ": ending the job"));
        try {
            JobRun.Outcome outcome = run.run(new CommandStreams(terminal().in(), out, err));
            if (outcome.silent().isEmpty()) {
                release(err);
            } else {
                launch.forget(
                        request, outcome.silent().stream().map(Silence::node).toList());
            }
            Optional<String> why = explain(outcome, timeout);
            int status = status(outcome);
            end(kept, new JobRecord.Ending(outcome.end(), status, why));
            return new Attempt(status, outcome.silent());
        } catch (InterruptedException interrupted) {
            end(kept, Interruption.status(), Interruption.why());
            throw interrupted;
        } catch (SciabcException failure) {
            release(err);
            end(kept, ExitCode.UNAVAILABLE, failure.what());
            throw failure;
        }
    }

    private void end(JobRecords.Running kept, int status, String why) {
        end(kept, new JobRecord.Ending(InstantSource.system().instant(), status, Optional.of(why)));
    }

    /** How a job has ended does not depend on whether there is room to write it down. */
    private void end(JobRecords.Running kept, JobRecord.Ending ending) {
        try {
            kept.ended(ending);
        } catch (SciabcException full) {
            terminal().warning("the record of the job stays without its end: " + full.why());
        }
    }

    private static void release(HeldParagraphs paragraphs) {
        try {
            paragraphs.release();
        } catch (IOException readerLeft) {
            // Who does not read standard error any longer does not miss the end of it.
            return;
        }
    }

    private static int status(JobRun.Outcome outcome) {
        if (!outcome.silent().isEmpty()) {
            return ExitCode.UNAVAILABLE;
        }
        return outcome.timedOut()
                ? TIMED_OUT
                : outcome.status().map(ExitStatus::code).orElse(ExitCode.SOFTWARE);
    }

    /** Says what ended the job where the job did not. */
    private Optional<String> explain(JobRun.Outcome outcome, Optional<Duration> timeout) {
        Optional<String> why = Optional.empty();
        if (!outcome.silent().isEmpty()) {
            why = Optional.of(stoppedAnswering(outcome.silent(), outcome.end()));
        } else if (outcome.timedOut()) {
            why = Optional.of(
                    "the job was ended: it took longer than " + Durations.format(timeout.orElse(Duration.ZERO)));
        } else if (outcome.cutOff()) {
            why = Optional.of("this machine lost its network while the job ran");
        }
        why.ifPresent(terminal()::error);
        return why;
    }

    private static String stoppedAnswering(List<Silence> silent, Instant end) {
        double seconds = Math.max(0, Duration.between(lastAnswer(silent), end).toMillis()) / 1000.0;
        return stopped(silent) + "; the job ended " + String.format(Locale.ROOT, "%.1f", seconds) + " s later";
    }

    private static String stopped(List<Silence> silent) {
        String names = NodeSet.of(
                        silent.stream().map(each -> each.node().name()).toList())
                .toString();
        return names + " stopped answering at "
                + DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                        .format(lastAnswer(silent).atZone(ZoneId.systemDefault()));
    }

    private static Instant lastAnswer(List<Silence> silent) {
        return silent.stream()
                .map(Silence::lastAnswer)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Those that are left, and those that joined and fit. */
    private List<ReadyNode> left(
            List<ReadyNode> before, List<Silence> silent, LaunchRequest.Job job, JobStaging staging)
            throws SciabcException, InterruptedException {
        Set<String> dead = silent.stream().map(each -> each.node().name()).collect(Collectors.toSet());
        List<ReadyNode> left = new ArrayList<>(before.stream()
                .filter(each -> !dead.contains(each.node().name()))
                .toList());
        Set<String> known = before.stream().map(each -> each.node().name()).collect(Collectors.toSet());
        left.addAll(joined(known, List.copyOf(left), job, staging));
        if (left.isEmpty()) {
            throw new CliFailure(ExitCode.UNAVAILABLE, "cannot run the job again", "no node is left", "");
        }
        left.sort((a, b) ->
                NodeSet.NATURAL_ORDER.compare(a.node().name(), b.node().name()));
        return List.copyOf(left);
    }

    /** Those that joined and fit; where they cannot be looked for, the job runs again without any. */
    private List<ReadyNode> joined(Set<String> known, List<ReadyNode> left, LaunchRequest.Job job, JobStaging staging)
            throws InterruptedException {
        try {
            List<ReadyNode> joined = findingAgain.nodes().stream()
                    .filter(each -> !known.contains(each.node().name()))
                    .toList();
            return new Newcomers(launch, reach, terminal())
                    .fitting(left, joined, job, staging.isWanted() || staging.mayBring(job));
        } catch (SciabcException failure) {
            terminal().warning("nodes that joined are left out: " + failure.getMessage());
            return List.of();
        }
    }

    /** As many processes for each slot as before, at least one, and no more than there were: nodes may have joined. */
    static LaunchRequest.Job scaled(LaunchRequest.Job job, List<ReadyNode> before, List<ReadyNode> left) {
        if (job.ranks().isEmpty()) {
            return job;
        }
        int ranks = job.ranks().getAsInt();
        long inProportion = (long) ranks * slots(left) / slots(before);
        return job.withRanks(OptionalInt.of((int) Math.max(1, Math.min(ranks, inProportion))));
    }

    private static int slots(List<ReadyNode> nodes) {
        return nodes.stream().mapToInt(ReadyNode::slots).sum();
    }

    private Terminal terminal() {
        return setup.session().terminal();
    }
}
