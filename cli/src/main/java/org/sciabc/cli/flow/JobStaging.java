// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.StageOptions;
import org.sciabc.launch.JobFolders;
import org.sciabc.launch.Preflight.Place;
import org.sciabc.provision.Copied;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.ShellWay;
import org.sciabc.provision.Staging;
import org.sciabc.provision.Staging.Machine;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Brings a job's program and files to its nodes where they lack it, and takes away what it brought. */
final class JobStaging implements AutoCloseable {
    private static final int WIDTH = 32;
    private static final Duration CLEANING = Duration.ofSeconds(5);
    private static final Duration RESCUE = Duration.ofMinutes(10);

    private final Terminal terminal;
    private final Reach reach;
    private final JobLauncher launcher;
    private final LocalProcesses processes;
    private final StageOptions options;
    private final Path here;
    private final String searchPath;
    private final JobFolders.Held held;
    private final String folder;
    private final JobResults results;
    private final Timing timing;
    private final Set<Node> touched = new LinkedHashSet<>();
    private Optional<ShellWay> shortcut = Optional.empty();
    private boolean isClosed;

    JobStaging(Setup setup, Reach reach, LaunchStage launch, StageOptions options) throws SciabcException {
        this.terminal = setup.session().terminal();
        this.reach = reach;
        this.launcher = launch.launcher();
        this.processes = LaunchStage.processes(setup);
        this.timing = launch.timing();
        this.options = options;
        this.here = Path.of("").toAbsolutePath();
        this.searchPath = setup.session().environment().getOrDefault("PATH", "");
        this.held = new JobFolders(setup.stateFolder()).another();
        this.folder = held.path();
        this.results = new JobResults(reach.access(), terminal, folder, path(options.results()));
        for (String pattern : options.fetched()) {
            results.add(pattern);
        }
    }

    /** The job with a program in Python given to its interpreter. */
    LaunchRequest.Job asRun(LaunchRequest.Job job) {
        List<String> command = program(job).command();
        return options.builds() || job.command().equals(command) ? job : job.running(command);
    }

    /** Whether the job gets a folder of its own whatever the nodes have. */
    boolean isWanted() {
        return options.stages()
                || options.builds()
                || !options.with().isEmpty()
                || !options.fetched().isEmpty();
    }

    /** Whether nodes that lack the program would get it. */
    boolean mayBring(LaunchRequest.Job job) throws CliFailure {
        return !options.keepsOff() && program(job).file().isPresent();
    }

    /** Whether nodes lack the program, as the checks found out; where nobody looked, they are asked now. */
    boolean isMissing(CheckStage.Checked checked) throws SciabcException, InterruptedException {
        JobProgram program = program(checked.request().job());
        if (!mayBring(checked.request().job())) {
            return false;
        }
        int place = Math.min(1, program.place());
        if (checked.places().size() > place) {
            return checked.places().get(place).contains(Place.ABSENT);
        }
        return done(new Staging(reach.access(), crowd())
                        .look(
                                nodes(checked.request().nodes()),
                                program.file().stream().toList()))
                .values()
                .stream()
                .anyMatch(Set::isEmpty);
    }

    /**
     * What the machines are checked with before anything is brought: what is still to come would be missed, and the folder in
     * which the job starts is not this one. An interpreter and its mpi4py are not to come.
     */
    LaunchRequest.Job beforeBringing(LaunchRequest.Job job) {
        if (!isWanted()) {
            return job;
        }
        JobProgram program = program(job);
        if (program.isPython()) {
            String wanted = usesMpi4py(program.file()) ? "import mpi4py" : "pass";
            return job.in("/", List.of(program.command().get(0), "-c", wanted));
        }
        return job.in("/", options.builds() || program.file().isPresent() ? List.of("sh") : job.command());
    }

    /**
     * The job as it runs in a folder of its own, once its nodes have it.
     *
     * @param checked what tells of these nodes, and how processes get there
     */
    LaunchRequest.Job bring(LaunchRequest checked, LaunchRequest.Job job) throws SciabcException, InterruptedException {
        List<Node> nodes = nodes(checked.nodes());
        shortcut = Optional.of(new ShellWay(
                processes,
                checked.remoteShell(),
                checked.nodes(),
                (node, failure) ->
                        terminal.detail(node.name() + ": " + failure.getMessage() + "; another way is tried")));
        if (options.builds()) {
            return built(nodes, job);
        }
        JobProgram program = program(job);
        JobTree tree = new JobTree(here);
        addExtras(tree);
        if (program.file().isEmpty()) {
            stage(nodes, tree, Optional.empty());
            return job.in(folder, job.command());
        }
        Path file = program.file().get();
        if (program.place() > 0) {
            String name = tree.add(file);
            stage(nodes, tree, Optional.empty());
            return job.in(folder, program.running(folder + "/" + name));
        }
        String name = JobProgram.nameInFolder(file, here);
        tree.addProgram(file, name);
        stage(nodes, tree, Optional.of(name));
        return job.in(folder, program.running(folder + "/" + name));
    }

    /** Brings results home; returns whether all went well. */
    boolean fetch(List<ReadyNode> ready, int ranks) throws SciabcException, InterruptedException {
        if (options.fetched().isEmpty()) {
            return true;
        }
        timing.stage("fetching results");
        boolean isHome = results.fetch(nodes(ready), ranks, Crowd.NO_LIMIT);
        keepWhatDidNotCome();
        return isHome;
    }

    /** What has not come home is not thrown away with the folder that it is in. */
    private void keepWhatDidNotCome() throws SciabcException {
        Set<String> names = results.failed();
        List<String> kept =
                touched.stream().map(Node::name).filter(names::contains).toList();
        if (!kept.isEmpty()) {
            touched.removeIf(node -> names.contains(node.name()));
            held.goneFrom(kept);
            terminal.hint(folder + " stays on " + NodeSet.of(kept) + " with what the job wrote: 'sciabc copy --fetch "
                    + NodeSet.of(kept) + " " + folder + " DESTINATION' brings it, and 'exec' with 'rm -r' removes it");
        }
    }

    /** The same of a job that was ended, from the nodes that are left: what can be had, without keeping anybody for ever. */
    void rescue(List<ReadyNode> ready, int ranks, List<Node> dead) throws SciabcException, InterruptedException {
        if (options.fetched().isEmpty()) {
            return;
        }
        timing.stage("fetching results");
        List<String> lost = dead.stream().map(Node::name).toList();
        if (lost.isEmpty()) {
            terminal.say("fetching the results; when you interrupt this, too, they are left");
        } else {
            terminal.error("cannot fetch the results of " + NodeSet.of(lost) + ": nothing answers there");
        }
        List<Node> left = nodes(ready).stream()
                .filter(node -> !lost.contains(node.name()))
                .toList();
        results.fetch(left, ranks, RESCUE);
        keepWhatDidNotCome();
    }

    /** These are gone: nothing can be taken away there now. */
    void lost(List<Node> dead) {
        Set<String> names = dead.stream().map(Node::name).collect(Collectors.toSet());
        Set<Node> kept =
                touched.stream().filter(node -> names.contains(node.name())).collect(Collectors.toSet());
        if (touched.removeAll(kept) && !kept.isEmpty()) {
            kept.forEach(reach.access()::drop);
            terminal.warning(folder + " stays on " + NodeSet.of(List.copyOf(names))
                    + ", which cannot be reached; the next launch there takes it away");
        }
    }

    /** Whether it has taken away what was brought. */
    boolean isClosed() {
        return isClosed;
    }

    /** Takes away what was brought, also after an interruption. Does nothing a second time. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (held) {
            removeAll();
        }
        timing.stage("closing connections");
    }

    private void removeAll() {
        if (touched.isEmpty()) {
            return;
        }
        timing.stage("removing what was brought");
        boolean interrupted = Thread.interrupted();
        try {
            // A connection may have broken while a long job ran: what failed is tried once more over a new one.
            List<Node> again = Crowd.failures(remove(List.copyOf(touched), folder, shortcut)).stream()
                    .map(Crowd.Failed::node)
                    .toList();
            again.forEach(reach.access()::drop);
            List<Crowd.Failed<Boolean>> failures = Crowd.failures(remove(again, folder, Optional.empty()));
            failures.forEach(failed -> touched.remove(failed.node()));
            held.goneFrom(touched.stream().map(Node::name).toList());
            for (Crowd.Failed<Boolean> failed : failures) {
                terminal.warning(folder + " stays on " + failed.node().name() + ": "
                        + failed.reason().getMessage());
            }
            touched.clear();
        } catch (InterruptedException impatient) {
            interrupted = true;
            terminal.warning(folder + " may stay on nodes");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Crowd.Result<Boolean>> remove(List<Node> nodes, String path, Optional<ShellWay> way)
            throws InterruptedException {
        return new Staging(reach.access(), new Crowd(WIDTH, CLEANING), way).remove(nodes, path);
    }

    /** Written down before: whatever happens to us, the next launch knows what there is to take away. */
    private void touch(List<Node> nodes) throws SciabcException {
        touched.addAll(nodes);
        held.on(nodes.stream().map(Node::name).toList());
    }

    private JobProgram program(LaunchRequest.Job job) {
        return JobProgram.of(job.command(), here, searchPath);
    }

    private static List<Node> nodes(List<ReadyNode> ready) {
        return ready.stream().map(ReadyNode::node).toList();
    }

    private LaunchRequest.Job built(List<Node> nodes, LaunchRequest.Job job)
            throws SciabcException, InterruptedException {
        JobBuild build = JobBuild.of(path(job.command().get(0)), here);
        timing.stage("compiling");
        String language = build.language().compiler();
        Map<Node, Machine> machines =
                done(new Staging(reach.access(), crowd()).lookForCompilers(nodes, launcher.id(), language));
        Machine self = Staging.lookForCompilerHere(processes, launcher.id(), language);
        List<BuildSite> sites = BuildSite.choose(build, machines, self, launcher);
        JobTree sources = new JobTree(here);
        addExtras(sources);
        build.addTo(sources);
        for (BuildSite site : sites) {
            if (site.builder().isPresent()) {
                stage(List.of(site.builder().get()), sources, Optional.empty());
            }
            timing.stage("compiling");
            String place = site.builder().map(Node::name).orElse("this machine");
            terminal.detail("compiling " + build.source() + " on " + place + " (" + site.title() + ")");
            Path program = build.compile(site, folder, new JobBuild.Way(reach.access(), processes, terminal));
            try {
                JobTree rest = new JobTree(here);
                addExtras(rest);
                rest.addBuilt(program, build.program());
                stage(site.nodes(), rest, Optional.of(build.program()));
            } finally {
                JobBuild.discard(program, terminal);
            }
        }
        List<String> words = new ArrayList<>(job.command());
        words.set(0, folder + "/" + build.program());
        return job.in(folder, words);
    }

    private void addExtras(JobTree tree) throws SciabcException {
        for (String each : options.with()) {
            tree.add(path(each));
        }
    }

    private void stage(List<Node> nodes, JobTree tree, Optional<String> program)
            throws SciabcException, InterruptedException {
        timing.stage("bringing files");
        touch(nodes);
        Map<Node, Copied> copied =
                done(new Staging(reach.access(), crowd(), shortcut).stage(nodes, tree.tree(), folder, program));
        copied.forEach((node, what) -> terminal.detail(
                node.name() + ": " + what.files() + " files copied, " + what.same() + " there already, in " + folder));
    }

    private static boolean usesMpi4py(Optional<Path> file) {
        try {
            return file.isPresent() && Files.readString(file.get()).contains("mpi4py");
        } catch (IOException unreadable) {
            // Not text, or soon not brought either, which is said then.
            return false;
        }
    }

    /** All of it, or the reasons why not. */
    private <T> Map<Node, T> done(List<Crowd.Result<T>> results) throws CliFailure {
        Map<Node, T> values = new LinkedHashMap<>();
        Map<Node, SciabcException> failures = new LinkedHashMap<>();
        for (Crowd.Result<T> result : results) {
            if (result instanceof Crowd.Done<T> done) {
                values.put(done.node(), done.value());
            } else if (result instanceof Crowd.Failed<T> failed) {
                failures.put(failed.node(), failed.reason());
            }
        }
        if (!failures.isEmpty()) {
            Preparation.report(failures, terminal);
            throw new CliFailure(
                    failures.size() == results.size() ? ExitCode.UNAVAILABLE : ExitCode.PARTLY,
                    "the job was not started",
                    "not all of its nodes have what it needs",
                    "");
        }
        return values;
    }

    private static Crowd crowd() {
        return new Crowd(WIDTH, Crowd.NO_LIMIT);
    }

    static Path path(String word) throws CliFailure {
        try {
            return Path.of(word);
        } catch (InvalidPathException refused) {
            throw CliFailure.usage("'" + Untrusted.line(word, 80) + "' is not the name of a file", "", "");
        }
    }
}
