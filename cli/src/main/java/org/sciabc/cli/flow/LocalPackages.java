// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.SciabcException;

/** Sees to it that the programs that a demonstration needs are on this machine, with the system's package manager. */
public final class LocalPackages {
    private static final String ALSO_SEARCHED =
            ":/usr/lib64/openmpi/bin:/usr/lib64/mpi/gcc/openmpi4/bin:/opt/homebrew/bin:/usr/local/bin";

    private final Terminal terminal;
    private final Questions questions;
    private final LocalProcesses processes;
    private final String searchPath;
    private final boolean root;

    /**
     * The packages of this machine.
     *
     * @param searchPath where programs are, as in {@code PATH}
     * @param root whether this process may install packages by itself
     */
    public LocalPackages(
            Terminal terminal, Questions questions, LocalProcesses processes, String searchPath, boolean root) {
        this.terminal = terminal;
        this.questions = questions;
        this.processes = processes;
        this.searchPath = searchPath + ALSO_SEARCHED;
        this.root = root;
    }

    /** The packages of this machine, for this run. */
    public static LocalPackages of(Session session, Questions questions) {
        String path = session.environment().getOrDefault("PATH", "");
        return new LocalPackages(
                session.terminal(),
                questions,
                LaunchStage.processes(path),
                path,
                System.getProperty("user.name", "").equals("root"));
    }

    /** Where a program is. */
    public Optional<Path> find(String program) {
        return OwnProcesses.find(program, searchPath);
    }

    /**
     * Makes sure that Open MPI and an SSH client are here: installs what is missing, after it was agreed to.
     *
     * @throws SciabcException when something is missing and was not installed
     */
    public void ensureOpenMpi() throws SciabcException, InterruptedException {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        List<String> command = installCommand(missing);
        terminal.say("Open MPI runs the program; missing on this machine: " + String.join(", ", missing));
        terminal.say("  " + String.join(" ", command));
        if (!questions.agrees("Run this to install it?", "--yes")) {
            throw unavailable("it was not installed", "run it yourself: " + String.join(" ", command));
        }
        if (command.contains("apt-get")) {
            run(withPrivilege(List.of("apt-get", "update", "-qq")));
        }
        if (!run(command).isOk() || !missing().isEmpty()) {
            throw unavailable(
                    "the package manager could not install it; its messages are above",
                    "mend that, then run 'sciabc demo' again");
        }
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (find("mpirun").isEmpty()) {
            missing.add("mpirun");
        }
        if (find("ssh").isEmpty()) {
            missing.add("ssh");
        }
        return missing;
    }

    private List<String> installCommand(List<String> missing) throws SciabcException {
        for (Manager manager : Manager.KNOWN) {
            if (find(manager.program()).isPresent()) {
                List<String> command = new ArrayList<>(manager.install());
                missing.forEach(program -> command.addAll(manager.packages().getOrDefault(program, List.of())));
                return manager.needsRoot() ? withPrivilege(command) : command;
            }
        }
        throw unavailable(
                "no package manager that is known here was found", "install Open MPI and an SSH client by hand");
    }

    private List<String> withPrivilege(List<String> command) throws SciabcException {
        if (root) {
            return command;
        }
        if (find("sudo").isEmpty()) {
            throw unavailable(
                    "installing needs root, and there is no sudo", "as root, run: " + String.join(" ", command));
        }
        List<String> words = new ArrayList<>(List.of("sudo"));
        words.addAll(command);
        return words;
    }

    private ExitStatus run(List<String> command) throws SciabcException, InterruptedException {
        return processes.run(
                command,
                Map.of("DEBIAN_FRONTEND", "noninteractive"),
                new CommandStreams(terminal.in(), terminal.err(), terminal.err()));
    }

    private static CliFailure unavailable(String why, String hint) {
        return new CliFailure(ExitCode.UNAVAILABLE, "Open MPI is missing on this machine", why, hint);
    }

    /** A package manager: how it installs, and what it calls the packages that hold a program. */
    private record Manager(
            String program, boolean needsRoot, List<String> install, Map<String, List<String>> packages) {
        static final List<Manager> KNOWN = List.of(
                new Manager(
                        "apt-get",
                        true,
                        List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"),
                        Map.of("mpirun", List.of("openmpi-bin", "python3-mpi4py"), "ssh", List.of("openssh-client"))),
                new Manager(
                        "dnf",
                        true,
                        List.of("dnf", "install", "-y"),
                        Map.of(
                                "mpirun",
                                List.of("openmpi", "python3-mpi4py-openmpi"),
                                "ssh",
                                List.of("openssh-clients"))),
                new Manager(
                        "zypper",
                        true,
                        List.of("zypper", "--non-interactive", "install"),
                        Map.of("mpirun", List.of("openmpi4", "python3-mpi4py"), "ssh", List.of("openssh-clients"))),
                new Manager(
                        "pacman",
                        true,
                        List.of("pacman", "-S", "--noconfirm", "--needed"),
                        Map.of("mpirun", List.of("openmpi", "python-mpi4py"), "ssh", List.of("openssh"))),
                new Manager(
                        "apk",
                        true,
                        List.of("apk", "add"),
                        Map.of("mpirun", List.of("openmpi", "py3-mpi4py"), "ssh", List.of("openssh-client"))),
                new Manager(
                        "brew",
                        false,
                        List.of("brew", "install"),
                        Map.of("mpirun", List.of("open-mpi", "mpi4py"), "ssh", List.of("openssh"))));
    }
}
