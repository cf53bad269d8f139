// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.option.CheckOptions;
import org.sciabc.cli.option.JobOptions;
import org.sciabc.cli.option.SlotOptions;
import org.sciabc.launch.Launching;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.launch.SharedNetworks;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
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

    /** Nodes and slots, such as {@code node[1-3], 12 slots}. */
    public String describe(List<ReadyNode> nodes) {
        int slots = nodes.stream().mapToInt(ReadyNode::slots).sum();
        return NodeSet.of(nodes.stream().map(node -> node.node().name()).toList()) + ", " + slots
                + (slots == 1 ? " slot" : " slots");
    }

    /** Writes the hostfile for other programs. */
    public void writeHostfile(List<ReadyNode> nodes, String file) throws SciabcException {
        AtomicFile.at(Path.of(file)).write(hostfile(nodes));
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

    /** Writes the hostfile and what the remote shell needs: everything for the launcher. */
    public LaunchRequest request(List<ReadyNode> nodes, LaunchRequest.Job job) throws SciabcException {
        Path hostfile = setup.stateFolder().resolve("nodes.txt");
        AtomicFile.at(hostfile).write(hostfile(nodes));
        RemoteShell shell = reach.provisioner()
                .component()
                .remoteShell(
                        new RemoteShellRequest(nodes, reach.provisioner().settings(), setup.stateFolder(), isCold));
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

    /** Runs the job to its end; the result is the job's own exit status. */
    public int run(List<ReadyNode> nodes, LaunchRequest.Job job) throws SciabcException, InterruptedException {
        Launching.checkRanks(job, nodes);
        timing.stage("hostfile and remote shell");
        LaunchRequest draft = request(nodes, job);
        timing.stage("checks and connections");
        LaunchRequest request = checked(draft);
        setup.session().terminal().flush();
        CommandStreams streams = new CommandStreams(
                setup.session().terminal().in(),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err));
        timing.stage("launcher and job");
        ExitStatus status = launcher.component().launch(request, streams);
        timing.say();
        return status.code();
    }

    /** The job as the checks leave it, which may be on fewer nodes. */
    public LaunchRequest checked(LaunchRequest draft) throws SciabcException, InterruptedException {
        LaunchRequest checked = new CheckStage(setup, launcher.component(), checks)
                .check(draft, false)
                .request();
        if (!checked.nodes().equals(draft.nodes())) {
            Launching.checkRanks(checked.job(), checked.nodes());
            AtomicFile.at(checked.hostfile()).write(hostfile(checked.nodes()));
        }
        return checked;
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
     * @throws CliFailure when there is none, or root did not agree to run it
     */
    public static LaunchRequest.Job job(Session session, JobOptions options) throws CliFailure {
        List<String> command = session.job();
        if (command.isEmpty()) {
            throw CliFailure.usage(
                    "there is no program to run", "nothing follows '--'", "for example: sciabc launch -- hostname");
        }
        if (System.getProperty("user.name", "").equals("root") && !options.allowsRoot()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "the job would run as root",
                    "a mistake in the program could then damage this machine and the nodes",
                    "work as an ordinary user, or say --allow-root");
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
