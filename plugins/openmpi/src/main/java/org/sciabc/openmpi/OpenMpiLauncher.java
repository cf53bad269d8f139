// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pf4j.Extension;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.EarlyStart;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.ResidentRuntime;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;

/** Runs jobs with Open MPI's {@code mpirun}, versions 4 and 5. */
@Extension
public final class OpenMpiLauncher implements JobLauncher {
    static final String INSTALL = "install it: the package is openmpi-bin on Debian, Ubuntu and Raspberry Pi OS,"
            + " openmpi on Fedora, Arch and Alpine, open-mpi with Homebrew";

    /** Each process takes some 5 MB of its node's memory. */
    private static final int MOST_AHEAD = 256;

    private static final Map<PackageManager, List<String>> OPEN_MPI = Map.of(
            PackageManager.APT, List.of("openmpi-bin"),
            PackageManager.DNF, List.of("openmpi"),
            PackageManager.ZYPPER, List.of("openmpi4"),
            PackageManager.PACMAN, List.of("openmpi"),
            PackageManager.APK, List.of("openmpi"),
            PackageManager.BREW, List.of("open-mpi"));
    private static final Map<PackageManager, List<String>> MPI4PY = Map.of(
            PackageManager.APT, List.of("python3-mpi4py"),
            PackageManager.DNF, List.of("python3-mpi4py-openmpi"),
            PackageManager.ZYPPER, List.of("python3-mpi4py"),
            PackageManager.PACMAN, List.of("python-mpi4py"),
            PackageManager.APK, List.of("py3-mpi4py"),
            PackageManager.BREW, List.of("mpi4py"));

    @Override
    public String id() {
        return "openmpi";
    }

    @Override
    public String summary() {
        return "runs jobs with Open MPI's mpirun";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.text("mpirun", "mpirun", "the program that starts jobs, a name on the PATH or a path"),
                Setting.flag("python", true, "whether nodes get mpi4py, too, for programs in Python"),
                Compilers.setting(),
                Setting.flag(
                        "resident",
                        true,
                        "whether a session keeps something on the nodes for the next launch: prte, or its processes"));
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        List<Requirement> requirements = new ArrayList<>();
        requirements.add(
                new Requirement.Packages(OPEN_MPI, "mpirun starts the job's processes on each node with Open MPI"));
        if (request.settings().flag("python")) {
            requirements.add(new Requirement.Packages(MPI4PY, "programs in Python reach MPI through mpi4py"));
        }
        requirements.addAll(CompilerPackages.COMPILERS.wanted(request.settings()));
        return requirements;
    }

    @Override
    public String hostfile(HostfileRequest request) {
        StringBuilder lines = new StringBuilder();
        for (ReadyNode node : request.nodes()) {
            lines.append(line(node, request.localUser()));
        }
        return lines.toString();
    }

    @Override
    public List<Probe> probes(LaunchRequest request) {
        return List.of(OpenMpiBuild.probe(request.settings().text("mpirun")));
    }

    @Override
    public String build(Map<String, String> answers) {
        Optional<OpenMpiBuild> build = OpenMpiBuild.of(answers);
        return build.isPresent() ? build.get().text() : "";
    }

    @Override
    public List<Finding> check(CheckRequest request) {
        List<Finding> findings = new ArrayList<>(OpenMpiBuild.findings(request));
        findings.addAll(PythonCheck.missing(request));
        findings.addAll(ProgramLibraries.findings(request));
        return findings;
    }

    @Override
    public Optional<String> byHand(RemoteShell remoteShell, Path hostfile) {
        String shell = String.join(" ", remoteShell.apart());
        return Optional.of("OMPI_MCA_plm_rsh_agent=" + quoted(shell) + " PRTE_MCA_plm_ssh_agent=" + quoted(shell)
                + " mpirun --hostfile " + quoted(hostfile.toString()));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9/._-]+") ? word : ShellText.quoted(word);
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        Optional<ExitStatus> inPrte = ResidentPrte.launch(request, streams);
        return inPrte.isPresent() ? inPrte.get() : launchWithoutPrte(request, streams);
    }

    static ExitStatus launchWithoutPrte(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        return launchWithoutPrte(request, streams, Optional.empty());
    }

    /**
     * The same.
     *
     * @param begun an {@code mpirun} of this job that waits, where there is one
     */
    static ExitStatus launchWithoutPrte(LaunchRequest request, CommandStreams streams, Optional<GatedMpirun> begun)
            throws SciabcException, InterruptedException {
        CommandStreams quieter = new CommandStreams(streams.in(), streams.out(), new WithoutRemarks(streams.err()));
        try {
            return request.job().tagged() ? launchTagged(request, quieter, begun) : run(request, quieter, begun);
        } catch (SciabcException refused) {
            throw new SciabcException(
                    refused.what(), refused.why(), refused.hint().orElse(INSTALL), refused);
        }
    }

    @Override
    public Optional<EarlyStart> startEarly(LaunchRequest expected) throws SciabcException {
        Optional<EarlyStart> inPrte = EarlyJobInPrte.begin(expected);
        return inPrte.isPresent() ? inPrte : GatedMpirun.begin(expected);
    }

    @Override
    public Optional<EarlyStart> startAhead(LaunchRequest like) throws SciabcException {
        if (like.ranks() > MOST_AHEAD) {
            return Optional.empty();
        }
        return PrteFolder.in(like.stateFolder()).wanted().isPresent()
                ? EarlyJobInPrte.ahead(like)
                : JobAhead.begin(like);
    }

    @Override
    public Optional<ResidentRuntime> resident() {
        return Optional.of(new ResidentPrte());
    }

    private static ExitStatus run(LaunchRequest request, CommandStreams streams, Optional<GatedMpirun> begun)
            throws SciabcException, InterruptedException {
        if (MpirunOfPrrte.isWhatRuns(request)) {
            return MpirunOfPrrte.run(request, streams);
        }
        MpirunCommand command = MpirunCommand.of(request);
        try (LastWords words = LastWords.of(request, streams)) {
            Optional<String> call = words.callOfTheFirst(request);
            if (begun.isPresent()) {
                boolean isAsExpected = call.isEmpty() && !words.haveInput();
                Optional<ExitStatus> status = isAsExpected ? begun.get().run(words.streams()) : Optional.empty();
                if (status.isPresent()) {
                    return status.get();
                }
                begun.get().close();
            }
            MpirunCommand wanted = call.isPresent() ? command.telling(call.get(), request) : command;
            return wanted.run(request.processes(), words.streams());
        }
    }

    private static ExitStatus launchTagged(LaunchRequest request, CommandStreams streams, Optional<GatedMpirun> begun)
            throws SciabcException, InterruptedException {
        RankMap map = RankMap.of(request.nodes());
        TaggedOutput out = new TaggedOutput(streams.out(), map);
        TaggedOutput err = new TaggedOutput(streams.err(), map);
        ExitStatus status = run(request, new CommandStreams(streams.in(), out, err), begun);
        try {
            out.finish();
            err.finish();
        } catch (IOException readerLeft) {
            return status;
        }
        return status;
    }

    private static String line(ReadyNode node, String localUser) {
        String user = node.user().equals(localUser) ? "" : node.user() + "@";
        return user + HostfileAddress.of(node).getHostAddress() + " slots=" + node.slots() + "\n";
    }
}
