// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.SciabcException;

/** An example of the distribution, made runnable: compiled where there is a compiler, with mpi4py otherwise. */
final class ExampleProgram {
    private final Setup setup;
    private final LocalPackages packages;
    private final Path folder;

    /**
     * Examples of this distribution.
     *
     * @param folder where a compiled program goes
     */
    ExampleProgram(Setup setup, LocalPackages packages, Path folder) {
        this.setup = setup;
        this.packages = packages;
        this.folder = folder;
    }

    /** The command that runs an example. */
    List<String> prepare(String name) throws SciabcException, InterruptedException {
        Terminal terminal = setup.session().terminal();
        Path examples = examples();
        Optional<Path> compiler = packages.compiler();
        if (compiler.isPresent()) {
            Path program = folder.resolve(name);
            terminal.step("compiling examples/" + name + ".c");
            if (packages.succeeds(List.of(
                    compiler.get().toString(),
                    "-O2",
                    "-o",
                    program.toString(),
                    examples.resolve(name + ".c").toString()))) {
                return List.of(program.toString());
            }
            terminal.warning("mpicc did not compile it; the Python program is used");
        }
        Optional<Path> python = packages.python();
        if (python.isPresent()) {
            return List.of(
                    python.get().toString(), examples.resolve(name + ".py").toString());
        }
        throw new CliFailure(
                ExitCode.UNAVAILABLE,
                "there is nothing to run",
                "neither a C compiler with mpicc nor Python with mpi4py is on this machine",
                "install python3-mpi4py, or gcc and libopenmpi-dev");
    }

    private Path examples() throws CliFailure {
        return setup.session()
                .folders()
                .distribution()
                .map(distribution -> distribution.resolve("examples"))
                .filter(Files::isDirectory)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.CONFIGURATION,
                        "the examples are missing",
                        "the distribution is not complete",
                        "unpack it again"));
    }
}
