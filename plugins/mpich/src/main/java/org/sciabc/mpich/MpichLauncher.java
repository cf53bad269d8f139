// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.mpich;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pf4j.Extension;
import org.sciabc.spi.CheckRequest;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Compilers;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Finding;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobInput;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.Probe;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Untrusted;

/** Runs jobs with MPICH's {@code mpiexec}, which is Hydra. */
@Extension
public final class MpichLauncher implements JobLauncher {
    static final String INSTALL =
            "install it: the package is mpich on Debian, Ubuntu, Raspberry Pi OS, Fedora and openSUSE,"
                    + " and with Homebrew";

    private static final String IS_THERE =
            "case $1 in */*) [ -f \"$1\" ] && [ -x \"$1\" ] ;; *) command -v \"$1\" ;; esac";

    private static final int KEY_BITS = 100;

    /** Where MPICH is a package. (Arch and Alpine have none in what they install from by default.) */
    private static final Map<PackageManager, List<String>> MPICH = Map.of(
            PackageManager.APT, List.of("mpich"),
            PackageManager.DNF, List.of("mpich"),
            PackageManager.ZYPPER, List.of("mpich"),
            PackageManager.BREW, List.of("mpich"));

    /** Elsewhere the package of mpi4py is made for Open MPI, and each process would be alone. */
    private static final Map<PackageManager, List<String>> MPI4PY =
            Map.of(PackageManager.DNF, List.of("python3-mpi4py-mpich"));

    @Override
    public String id() {
        return "mpich";
    }

    @Override
    public String summary() {
        return "runs jobs with MPICH's mpiexec (Hydra)";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                // Beside Open MPI, 'mpiexec' may be either's: by this name it is Hydra's everywhere.
                Setting.text("mpiexec", "mpiexec.hydra", "the program that starts jobs, a name on the PATH or a path"),
                Setting.flag(
                        "python",
                        false,
                        "whether nodes get mpi4py made for MPICH, which Fedora and its relatives have as a package"),
                Compilers.setting());
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        List<Requirement> requirements = new ArrayList<>();
        requirements.add(new Requirement.Packages(MPICH, "mpiexec starts the job's processes on each node with MPICH"));
        if (request.settings().flag("python")) {
            requirements.add(new Requirement.Packages(MPI4PY, "programs in Python reach MPICH through mpi4py"));
        }
        requirements.addAll(CompilerPackages.COMPILERS.wanted(request.settings()));
        return requirements;
    }

    @Override
    public String hostfile(HostfileRequest request) {
        return request.nodes().stream()
                .map(node -> line(node, request.localUser()))
                .collect(Collectors.joining());
    }

    @Override
    public List<Probe> probes(LaunchRequest request) {
        return List.of(HydraBuild.probe(request.settings().text("mpiexec")));
    }

    @Override
    public String build(Map<String, String> answers) {
        return HydraBuild.of(answers).map(HydraBuild::text).orElse("");
    }

    @Override
    public List<Finding> check(CheckRequest request) {
        List<Finding> findings = new ArrayList<>(HydraBuild.findings(request));
        findings.addAll(ProgramFamily.findings(request));
        return findings;
    }

    @Override
    public Optional<String> byHand(RemoteShell remoteShell, Path hostfile) {
        List<String> shell = remoteShell.command();
        String arguments = String.join(" ", shell.subList(1, shell.size()));
        return Optional.of(
                "HYDRA_LAUNCHER_EXTRA_ARGS=" + quoted(arguments) + " mpiexec.hydra -launcher ssh -launcher-exec "
                        + quoted(shell.get(0)) + " -f " + quoted(hostfile.toString()));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9/._-]+") ? word : ShellText.quoted(word);
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        refuseWithoutIpv4(request.nodes());
        refuseWithoutMpiexec(request);
        HydraReport report = new HydraReport();
        TakenLines err = report.without(streams.err());
        CommandStreams without = new CommandStreams(streams.in(), streams.out(), err);
        ExitStatus status;
        try {
            status = request.job().tagged() ? tagged(request, without) : run(request, Optional.empty(), without);
        } finally {
            finish(err::finish);
        }
        finish(() -> report.writeTo(streams.err()));
        return report.statusOf(status);
    }

    private static ExitStatus tagged(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        String key = new BigInteger(KEY_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
        Map<String, String> names = new HashMap<>();
        for (ReadyNode node : request.nodes()) {
            names.put(
                    ipv4(node).orElse(node.address()).getHostAddress(),
                    node.node().name());
        }
        RankTags out = new RankTags(streams.out(), key, names);
        RankTags err = new RankTags(streams.err(), key, names);
        try {
            return run(request, Optional.of(RankTags.pattern(key)), new CommandStreams(streams.in(), out, err));
        } finally {
            finish(out::finish);
            finish(err::finish);
        }
    }

    /** The last that is written to a stream. */
    private interface LastWords {
        void write() throws IOException;
    }

    /** A reader that went away does not miss the end. */
    private static void finish(LastWords words) {
        try {
            words.write();
        } catch (IOException readerLeft) {
            return;
        }
    }

    private static ExitStatus run(LaunchRequest request, Optional<String> tag, CommandStreams streams)
            throws SciabcException, InterruptedException {
        try (JobInput input = new JobInput(streams)) {
            MpiexecCommand command = MpiexecCommand.of(request, input.offer(request), tag);
            return request.processes().run(command.words(), command.environment(), input.streams());
        }
    }

    /** Asked beforehand: the shell around it would end with a status, as jobs do. */
    private static void refuseWithoutMpiexec(LaunchRequest request) throws SciabcException, InterruptedException {
        String mpiexec = request.settings().text("mpiexec");
        ExitStatus found = request.processes()
                .run(
                        List.of("sh", "-c", IS_THERE, "sciabc", mpiexec),
                        Map.of(),
                        new CommandStreams(
                                InputStream.nullInputStream(),
                                OutputStream.nullOutputStream(),
                                OutputStream.nullOutputStream()));
        if (found.code() != 0) {
            throw new SciabcException(
                    "cannot start '" + Untrusted.line(mpiexec, 80) + "'", "it is missing or not executable", INSTALL);
        }
    }

    private static void refuseWithoutIpv4(List<ReadyNode> nodes) throws SciabcException {
        List<String> others = nodes.stream()
                .filter(node -> ipv4(node).isEmpty())
                .map(node -> node.node().name())
                .toList();
        if (!others.isEmpty()) {
            throw new SciabcException(
                    "MPICH cannot reach " + String.join(", ", others),
                    "its list of nodes knows no IPv6 addresses, and no others are known",
                    "give the nodes IPv4 addresses, which Open MPI 4 needs, too");
        }
    }

    private static String line(ReadyNode node, String localUser) {
        String user = node.user().equals(localUser) ? "" : " user=" + node.user();
        InetAddress address = ipv4(node).orElse(node.address());
        return address.getHostAddress() + ":" + node.slots() + user + "\n";
    }

    private static Optional<InetAddress> ipv4(ReadyNode node) {
        return Stream.concat(Stream.of(node.address()), node.node().addresses().stream())
                .filter(Inet4Address.class::isInstance)
                .findFirst();
    }
}
