// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

    /** MPI's compiler for C, if there is one with its header files: some systems package them apart. */
    Optional<Path> compiler() throws SciabcException, InterruptedException {
        Optional<Path> compiler = find("mpicc");
        return compiler.isPresent()
                        && succeeds(
                                List.of(compiler.get().toString(), "-E", "-include", "mpi.h", "-x", "c", "/dev/null"))
                ? compiler
                : Optional.empty();
    }

    /** A Python that has mpi4py: that of the system's package, where another one hides it. */
    Optional<Path> python() throws SciabcException, InterruptedException {
        for (String folder : searchPath.split(File.pathSeparator, -1)) {
            Optional<Path> python = OwnProcesses.find("python3", folder);
            if (python.isPresent() && succeeds(List.of(python.get().toString(), "-c", "import mpi4py"))) {
                return python;
            }
        }
        return Optional.empty();
    }

    /** Runs a program to see whether it can; what it says is a detail. */
    boolean succeeds(List<String> command) throws SciabcException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        boolean ok = processes
                .run(command, Map.of(), CommandStreams.to(OutputStream.nullOutputStream(), said))
                .isOk();
        said.toString(StandardCharsets.UTF_8).lines().forEach(terminal::detail);
        return ok;
    }

    private Optional<Path> find(String program) {
        return OwnProcesses.find(program, searchPath);
    }

    /**
     * Makes sure that Open MPI, what makes a program for it, and an SSH client are here: installs what is missing, after it
     * was agreed to.
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

    private List<String> missing() throws SciabcException, InterruptedException {
        List<String> missing = new ArrayList<>();
        if (find("mpirun").isEmpty()) {
            missing.add("mpirun");
        }
        if (compiler().isEmpty() && python().isEmpty()) {
            missing.add("mpi4py");
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
                missing.forEach(what -> command.addAll(manager.packages().getOrDefault(what, List.of())));
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
        List<String> words = new ArrayList<>(command);
        find(command.get(0)).ifPresent(path -> words.set(0, path.toString()));
        return processes.run(
                words,
                Map.of("DEBIAN_FRONTEND", "noninteractive"),
                new CommandStreams(terminal.in(), terminal.err(), terminal.err()));
    }

    private static CliFailure unavailable(String why, String hint) {
        return new CliFailure(ExitCode.UNAVAILABLE, "Open MPI is missing on this machine", why, hint);
    }

    /** A package manager: how it installs, and what it calls the package that holds a thing. */
    private record Manager(
            String program, boolean needsRoot, List<String> install, Map<String, List<String>> packages) {
        static final List<Manager> KNOWN = List.of(
                new Manager(
                        "apt-get",
                        true,
                        List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"),
                        packages("openmpi-bin", "python3-mpi4py", "openssh-client")),
                new Manager(
                        "dnf",
                        true,
                        List.of("dnf", "install", "-y"),

                        // Its mpi4py is found only once an environment module is loaded.
                        packages("openmpi", "gcc openmpi-devel", "openssh-clients")),
                new Manager(
                        "zypper",
                        true,
                        List.of("zypper", "--non-interactive", "install"),
                        packages("openmpi4", "python3-mpi4py", "openssh-clients")),
                new Manager(
                        "pacman",
                        true,
                        List.of("pacman", "-S", "--noconfirm", "--needed"),
                        packages("openmpi", "python-mpi4py", "openssh")),
                new Manager("apk", true, List.of("apk", "add"), packages("openmpi", "py3-mpi4py", "openssh-client")),
                new Manager("brew", false, List.of("brew", "install"), packages("open-mpi", "mpi4py", "openssh")));

        private static Map<String, List<String>> packages(String mpirun, String mpi4py, String ssh) {
            return Map.of("mpirun", List.of(mpirun), "mpi4py", List.of(mpi4py.split(" ", -1)), "ssh", List.of(ssh));
        }
    }
}
