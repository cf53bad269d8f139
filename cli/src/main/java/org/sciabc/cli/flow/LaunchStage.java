// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.option.CheckOptions;
import org.sciabc.cli.option.JobOptions;
import org.sciabc.cli.option.RunOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.cli.standby.Standby;
import org.sciabc.launch.EarlierAnswers;
import org.sciabc.launch.KeptConnections;
import org.sciabc.launch.LauncherHere;
import org.sciabc.launch.Launching;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.launch.SharedNetworks;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/** The last stage: writes the hostfile and runs the job. */
public final class LaunchStage {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Setup setup;
    private final Reach reach;
    private final Chosen<JobLauncher> launcher;
    private final CheckOptions checks;
    private final boolean isCold;
    private final Timing timing;
    /** A job is looked at again when something was brought for it, and when it is run again. */
    private final Set<String> said = new HashSet<>();

    private Optional<Instant> answered = Optional.empty();
    private Optional<String> surroundings = Optional.empty();

    public LaunchStage(Setup setup, Reach reach, Chosen<JobLauncher> launcher) {
        this(setup, reach, launcher, new CheckOptions());
    }

    public LaunchStage(Setup setup, Reach reach, Chosen<JobLauncher> launcher, CheckOptions checks) {
        this(setup, reach, launcher, checks, false, Timing.unwanted());
    }

    private LaunchStage(
            Setup setup,
            Reach reach,
            Chosen<JobLauncher> launcher,
            CheckOptions checks,
            boolean isCold,
            Timing timing) {
        this.setup = setup;
        this.reach = reach;
        this.launcher = launcher;
        this.checks = checks;
        this.isCold = isCold;
        this.timing = timing;
    }

    /**
     * The same, told how to begin.
     *
     * @param cold whether nothing that is open already is used
     * @param measured what measures the parts of this stage
     */
    public LaunchStage beginning(boolean cold, Timing measured) {
        return new LaunchStage(setup, reach, launcher, checks, cold, measured);
    }

    /** Nodes as the launcher takes them, sorted as people count. */
    public List<ReadyNode> ready(List<Node> nodes, SlotOptions options) throws SciabcException {
        return ReadyNodes.of(nodes, reach::user, Hostfiles.slots(setup, options));
    }

    /** The same for nodes of a hostfile, which counts more than the configuration: see {@link HostfileNodes}. */
    public List<ReadyNode> listed(List<Node> nodes, SlotOptions options) throws SciabcException {
        return ReadyNodes.of(nodes, reach::user, options.slots());
    }

    /** Nodes and slots, such as {@code node[1-3], 12 slots}. */
    public String describe(List<ReadyNode> nodes) {
        int slots = nodes.stream().mapToInt(ReadyNode::slots).sum();
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList()) + ", " + slots
                + (slots == 1 ? " slot" : " slots");
    }

    /** Writes the hostfile for other programs. */
    public void writeHostfile(List<ReadyNode> nodes, String file) throws SciabcException {
        write(Path.of(file), hostfile(nodes));
    }

    /** Writes a file that somebody asked for. */
    public static void write(Path file, String text) throws CliFailure {
        try {
            AtomicFile.at(file).write(text);
        } catch (SciabcException unwritten) {
            throw CliFailure.of(ExitCode.NOT_WRITTEN, unwritten);
        }
    }

    /** The hostfile's text. */
    public String hostfile(List<ReadyNode> nodes) {
        return hostfile(launcher.component(), nodes);
    }

    /** The text of a launcher's hostfile, as seen from the local account. */
    static String hostfile(JobLauncher launcher, List<ReadyNode> nodes) {
        return launcher.hostfile(hostfileRequest(nodes));
    }

    static HostfileRequest hostfileRequest(List<ReadyNode> nodes) {
        return new HostfileRequest(nodes, System.getProperty("user.name", ""));
    }

    /**
     * Writes the hostfile and what the remote shell needs: everything for the launcher.
     *
     * @throws CliFailure when a node is seen for the first time, and is not trusted or lets nobody in
     */
    public LaunchRequest request(List<ReadyNode> nodes, LaunchRequest.Job job)
            throws SciabcException, InterruptedException {
        RemoteShellRequest wanted = remoteShellRequest(nodes);
        new Introductions(reach, setup.session().terminal()).require(wanted);
        Path hostfile = JobHostfile.of(setup.stateFolder(), hostfile(nodes));
        RemoteShell shell = reach.provisioner().component().remoteShell(wanted);
        return new LaunchRequest(
                job,
                nodes,
                hostfile,
                networks(nodes),
                shell,
                launcher.settings(),
                setup.stateFolder(),
                processes(setup),
                isCold);
    }

    /** What the remote shell has to know of these nodes. */
    RemoteShellRequest remoteShellRequest(List<ReadyNode> nodes) throws SciabcException {
        return new RemoteShellRequest(nodes, reach.provisioner().settings(), setup.stateFolder(), isCold);
    }

    /**
     * Refuses what no node can mend, before any is made ready. Where this machine is one of them, that may still mend it.
     *
     * @param nodes those that the job is going to run on; they need not be ready yet
     */
    public void requireLauncherHere(List<ReadyNode> nodes, LaunchRequest.Job job)
            throws SciabcException, InterruptedException {
        try {
            if (LauncherHere.isAmong(nodes.stream().map(ReadyNode::node).toList())) {
                return;
            }
        } catch (SocketException unknown) {
            return;
        }
        LaunchRequest draft = new LaunchRequest(
                job,
                nodes,
                setup.stateFolder().resolve("hostfile"),
                List.of(),
                new RemoteShell(List.of("/bin/false")),
                launcher.settings(),
                setup.stateFolder(),
                processes(setup),
                isCold);
        checkStage(draft).checkHere(draft);
    }

    /** Why nodes that joined cannot run the job together with the others of the draft. */
    Map<ReadyNode, String> misfits(LaunchRequest draft, List<ReadyNode> joined, boolean brings)
            throws InterruptedException {
        return checkStage(draft).misfits(draft, joined, brings);
    }

    /** Runs the job to its end; the result is the job's own exit status. */
    public int run(List<ReadyNode> nodes, LaunchRequest.Job job) throws SciabcException, InterruptedException {
        return new JobStage(setup, reach, this, RunOptions.none()).run(nodes, job);
    }

    /** The job as the checks leave it, which may be on fewer nodes. */
    public LaunchRequest checked(LaunchRequest draft) throws SciabcException, InterruptedException {
        return checked(draft, false, () -> {}).request();
    }

    /**
     * The same, with what was found out.
     *
     * @param brings whether files that only this machine has are going to be brought to the nodes
     * @param whenAnswered is run when all have answered, before that is judged
     */
    CheckStage.Checked checked(LaunchRequest draft, boolean brings, Runnable whenAnswered)
            throws SciabcException, InterruptedException {
        return checked(draft, brings, EarlierAnswers.NONE, whenAnswered);
    }

    /** The job once something was brought to nodes that were checked for it. */
    LaunchRequest checkedAgain(LaunchRequest draft, CheckStage.Checked before)
            throws SciabcException, InterruptedException {
        return checked(draft, false, before.answers(), () -> {}).request();
    }

    private CheckStage.Checked checked(
            LaunchRequest draft, boolean brings, EarlierAnswers earlier, Runnable whenAnswered)
            throws SciabcException, InterruptedException {
        timing.stage("checks and connections");
        CheckStage.Checked checked = checkStage(draft).check(draft, brings, earlier, whenAnswered);
        surroundings = checked.answers().surroundings();
        answered = checked.places().isEmpty()
                ? Optional.empty()
                : Optional.of(InstantSource.system().instant());
        LaunchRequest request = checked.request();
        if (request.nodes().equals(draft.nodes())) {
            return checked;
        }
        Launching.checkRanks(request.job(), request.nodes());
        Path hostfile = JobHostfile.of(setup.stateFolder(), hostfile(request.nodes()));
        return new CheckStage.Checked(request.withHostfile(hostfile), checked.places(), checked.answers());
    }

    /** Whether jobs are looked at before they run. */
    boolean checksJobs() {
        return !checks.isUnchecked();
    }

    /** When all nodes of the last checks had answered; empty when nobody has asked. */
    Optional<Instant> answered() {
        return answered;
    }

    /** The job to run, as far as it can be begun before it has been checked. */
    Beginning beginning() {
        Terminal terminal = setup.session().terminal();
        return new Beginning(
                launcher.component(),
                setup.session().standby().map(Standby::nextJob),
                failure -> terminal.warning(failure.what() + ": " + failure.why()));
    }

    /** In what surroundings processes begin, as the last checks saw it; empty when nobody looked. */
    Optional<String> surroundings() {
        return surroundings;
    }

    /**
     * Begins a job like one that the last checks have let run, where this process stays for it.
     *
     * @return whether something begins
     */
    boolean beginNext(LaunchRequest like) {
        Optional<Standby> standby = setup.session().standby();
        return standby.isPresent()
                && surroundings.isPresent()
                && standby.get().nextJob().begin(launcher.component(), notOutlivingUs(like), surroundings.get());
    }

    private CheckStage checkStage(LaunchRequest draft) {
        return new CheckStage(
                setup,
                launcher.component(),
                checks,
                isCold ? KeptConnections.NONE : new KeptOpen(setup, reach, draft),
                said);
    }

    /** Lets go the connection to nodes that died: it would hang, and the next launch with it. */
    void forget(LaunchRequest request, List<Node> dead) throws InterruptedException {
        try {
            new KeptOpen(setup, reach, request)
                    .close(dead.stream()
                            .flatMap(node -> node.addresses().stream())
                            .collect(Collectors.toSet()));
        } catch (SciabcException stays) {
            // It is given up by itself in the end; how the job ended matters more.
            setup.session().terminal().detail(stays.what() + ": " + stays.why());
        }
    }

    /** What the launcher is to be told, once it is clear that there are slots enough. */
    LaunchRequest draft(List<ReadyNode> nodes, LaunchRequest.Job job) throws SciabcException, InterruptedException {
        JobsOfRoot.check(job, nodes);
        Launching.checkRanks(job, nodes);
        timing.stage("hostfile and remote shell");
        return request(nodes, job);
    }

    /** The same job, which does not go on when this process is gone. */
    LaunchRequest notOutlivingUs(LaunchRequest request) {
        return request.withProcesses(processes(setup).notOutlivingUs());
    }

    /** What runs jobs. */
    JobLauncher launcher() {
        return launcher.component();
    }

    /** What measures the parts of this stage. */
    Timing timing() {
        return timing;
    }

    /** What starts programs on this machine. */
    public static OwnProcesses processes(Setup setup) {
        return processes(setup.session().environment().getOrDefault("PATH", ""));
    }

    static OwnProcesses processes(String searchPath) {
        return new OwnProcesses(searchPath, PATIENCE);
    }

    /**
     * The job of the command line.
     *
     * @throws CliFailure when there is none
     */
    public static LaunchRequest.Job job(Session session, JobOptions options) throws CliFailure {
        List<String> command = session.job();
        if (command.isEmpty()) {
            throw CliFailure.usage(
                    "there is no program to run", "nothing follows '--'", "for example: sciabc launch -- hostname");
        }
        return new LaunchRequest.Job(
                command, options.ranks(), Map.of(), options.allowsRoot(), options.oversubscribes());
    }

    private List<Subnet> networks(List<ReadyNode> nodes) throws SciabcException {
        if (setup.namesInterfaces()) {
            return SharedNetworks.of(nodes, setup.interfaces());
        }
        boolean loopback = nodes.stream().allMatch(node -> node.address().isLoopbackAddress());
        List<LocalInterface> interfaces =
                loopback ? List.of() : LocalInterfaces.enumerate().choose(List.of());
        return SharedNetworks.of(nodes, interfaces);
    }
}
