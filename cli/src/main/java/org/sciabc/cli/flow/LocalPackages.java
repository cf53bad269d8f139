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
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.SciabcException;

/** Sees to it that the programs that a demonstration needs are on this machine, with the system's package manager. */
public final class LocalPackages {
    /** Open MPI's own, and one that on many a system is MPICH's instead. */
    private static final List<String> COMPILERS = List.of("mpicc.openmpi", "mpicc");

    private static final String OPEN_MPI = "Open MPI";
    private static final int BY_SIGNAL = 128;

    private final Terminal terminal;
    private final Questions questions;
    private final LocalProcesses processes;
    private final Installer installer;
    private final String searchPath;
    private final boolean root;

    /**
     * The packages of this machine.
     *
     * @param processes tries programs
     * @param installer runs the package manager
     * @param searchPath where programs are, as in {@code PATH}
     * @param root whether this process may install packages by itself
     */
    LocalPackages(
            Terminal terminal,
            Questions questions,
            LocalProcesses processes,
            Installer installer,
            String searchPath,
            boolean root) {
        this.terminal = terminal;
        this.questions = questions;
        this.processes = processes;
        this.installer = installer;
        this.searchPath = searchPath;
        this.root = root;
    }

    /** Runs a package manager. */
    interface Installer {
        /** The words that make root run what follows them; absent where that cannot be done. */
        Optional<List<String>> sudo();

        /** Runs it at the terminal; the result is its exit status. */
        int run(List<String> command) throws CliFailure, InterruptedException;
    }

    /** The packages of this machine, for this run. */
    public static LocalPackages of(Session session, Questions questions) {
        String path = session.environment().getOrDefault("PATH", "");
        return new LocalPackages(
                session.terminal(),
                questions,
                LaunchStage.processes(path),
                InTerminal.of(session),
                path,
                System.getProperty("user.name", "").equals("root"));
    }

    /** Open MPI's compiler for C, if there is one with its header files: some systems package them apart. */
    Optional<Path> compiler() throws SciabcException, InterruptedException {
        for (String folder : searchPath.split(File.pathSeparator, -1)) {
            for (String name : COMPILERS) {
                Optional<Path> compiler = OwnProcesses.find(name, folder);
                if (compiler.isPresent() && compiles(compiler.get().toString())) {
                    return compiler;
                }
            }
        }
        return Optional.empty();
    }

    /** Of all MPIs, it is Open MPI whose compiler knows this option. */
    private boolean compiles(String compiler) throws SciabcException, InterruptedException {
        return succeeds(List.of(compiler, "-showme"))
                && succeeds(List.of(compiler, "-E", "-include", "mpi.h", "-x", "c", "/dev/null"));
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
        Manager manager = manager();
        List<String> command = manager.installing(missing);
        String line = shown(manager, command);
        terminal.say("Open MPI runs the program; missing on this machine: " + String.join(", ", missing));
        terminal.say("  " + line);
        List<String> prefix = prefix(manager, command);
        if (!questions.agrees("Run this to install it?", "--yes")) {
            throw unavailable("it was not installed", "run it yourself: " + line);
        }
        if (manager.program().equals("apt-get") && run(prefix, List.of("apt-get", "update", "-qq")) != 0) {
            terminal.warning("the list of packages could not be brought up to date; trying with the one that is here");
        }
        if (run(prefix, command) != 0 || !missing().isEmpty()) {
            throw unavailable(
                    "the package manager could not install it; its messages are above",
                    "mend that, or run '" + line + "' yourself; then run 'sciabc demo' again");
        }
    }

    private List<String> missing() throws SciabcException, InterruptedException {
        List<String> missing = new ArrayList<>();
        // MPICH has an mpirun, too.
        if (find("mpirun").isEmpty()
                || !(find("orted").isPresent() || find("prted").isPresent())) {
            missing.add(OPEN_MPI);
        }
        if (compiler().isEmpty() && python().isEmpty()) {
            missing.add("mpi4py");
        }
        if (find("ssh").isEmpty()) {
            missing.add("ssh");
        }
        return missing;
    }

    private Manager manager() throws SciabcException {
        return Manager.KNOWN.stream()
                .filter(manager -> find(manager.program()).isPresent())
                .findFirst()
                .orElseThrow(() -> unavailable(
                        "no package manager that is known here was found",
                        "install Open MPI and an SSH client by hand"));
    }

    private boolean needsSudo(Manager manager) {
        return manager.needsRoot() && !root;
    }

    private String shown(Manager manager, List<String> command) {
        return (needsSudo(manager) ? "sudo " : "") + String.join(" ", command);
    }

    private List<String> prefix(Manager manager, List<String> command) throws SciabcException {
        if (!needsSudo(manager)) {
            return List.of();
        }
        return installer
                .sudo()
                .orElseThrow(() -> unavailable(
                        "installing needs root, and there is no sudo", "as root, run: " + String.join(" ", command)));
    }

    private int run(List<String> prefix, List<String> command) throws SciabcException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        // sudo passes no variables on.
        words.addAll(List.of("env", "DEBIAN_FRONTEND=noninteractive"));
        words.addAll(command);
        int status = installer.run(words);
        if (status > BY_SIGNAL) {
            // Ctrl-C reaches what runs at the terminal, and may reach nobody else.
            throw new InterruptedException();
        }
        return status;
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

        List<String> installing(List<String> missing) {
            List<String> command = new ArrayList<>(install);
            missing.forEach(what -> command.addAll(packages.getOrDefault(what, List.of())));
            return command;
        }

        private static Map<String, List<String>> packages(String openMpi, String mpi4py, String ssh) {
            return Map.of(OPEN_MPI, List.of(openMpi), "mpi4py", List.of(mpi4py.split(" ", -1)), "ssh", List.of(ssh));
        }
    }
}
