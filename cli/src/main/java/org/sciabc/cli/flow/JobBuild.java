// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Access;
import org.sciabc.provision.Copied;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Execution;
import org.sciabc.provision.Fetching;
import org.sciabc.provision.ShellText;
import org.sciabc.provision.Staging.Machine;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeSet;
import org.sciabc.spi.SciabcException;

/**
 * Compiles one source file on a node.
 *
 * @param source what it is called in the folder of the job
 * @param file where it is here
 * @param language whose compiler it needs
 */
record JobBuild(String source, Path file, Language language) {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Map<String, Language> LANGUAGES = Map.of(
            "c", Language.C,
            "cc", Language.CXX,
            "cpp", Language.CXX,
            "cxx", Language.CXX,
            "f", Language.FORTRAN,
            "f90", Language.FORTRAN,
            "f95", Language.FORTRAN,
            "f03", Language.FORTRAN,
            "f08", Language.FORTRAN);

    /** What can be compiled. */
    enum Language {
        C("cc", "gcc and libopenmpi-dev"),
        CXX("cxx", "g++ and libopenmpi-dev"),
        FORTRAN("fort", "gfortran and libopenmpi-dev");

        private final String compiler;
        private final String packages;

        Language(String compiler, String packages) {
            this.compiler = compiler;
            this.packages = packages;
        }
    }

    /** The way to a node, and who hears what the compiler says. */
    record Way(Access access, Terminal terminal) {}

    static JobBuild of(Path source, Path here) throws CliFailure {
        Path file = here.resolve(source).normalize();
        String name = String.valueOf(file.getFileName());
        String ending = name.substring(name.lastIndexOf('.') + 1);
        Optional<Language> language = name.contains(".")
                ? Optional.ofNullable(LANGUAGES.get(ending.toLowerCase(java.util.Locale.ROOT)))
                : Optional.empty();
        if (!Files.isRegularFile(file)) {
            throw CliFailure.usage(
                    "there is no file " + source + " to compile", "", "for example: sciabc launch --build -- heat.c");
        }
        if (language.isEmpty()) {
            throw CliFailure.usage(
                    "cannot compile " + source,
                    "--build knows C (.c), C++ (.cc, .cpp, .cxx) and Fortran (.f, .f90, .f95, .f03, .f08)",
                    "compile it yourself, and launch the program");
        }
        return new JobBuild(JobProgram.nameInFolder(file, here), file, language.get());
    }

    /** What the program is called in the folder of the job. */
    String program() {
        return source.substring(0, source.lastIndexOf('.'));
    }

    void addTo(JobTree tree) throws SciabcException {
        tree.add(file);
    }

    /** One of the nodes of a kind that can compile. */
    Node builder(String kind, List<Node> nodes, Map<Node, Machine> machines) throws CliFailure {
        return nodes.stream()
                .filter(node -> compiler(node, machines).isPresent())
                .findFirst()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.UNAVAILABLE,
                        "cannot compile " + source + " for " + kind,
                        "there is no MPI compiler on "
                                + NodeSet.of(nodes.stream().map(Node::name).toList()),
                        "one of them needs " + language.packages + ", or what the system calls them"));
    }

    /** Compiles it on this node and brings the program here, into a folder of its own. */
    Path compile(Node node, Map<Node, Machine> machines, String folder, Way way)
            throws SciabcException, InterruptedException {
        String script = "cd " + ShellText.quote(folder) + " && exec "
                + ShellText.quote(compiler(node, machines).orElseThrow()) + " -O2 -o " + ShellText.quote(program())
                + " "
                + ShellText.quote(source) + (language == Language.FORTRAN ? "" : " -lm");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Crowd crowd = new Crowd(1, LONGEST);
        Crowd.Result<Execution.Ran> result = new Execution(way.access(), crowd)
                .run(List.of(node), script, same -> CommandStreams.to(said, said))
                .get(0);
        said.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> way.terminal().say(line));
        if (result instanceof Crowd.Failed<Execution.Ran> failed) {
            throw failed.reason();
        }
        if (result instanceof Crowd.Done<Execution.Ran> done
                && !done.value().status().isOk()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot compile " + source + " on " + node.name(),
                    "the compiler ended with status " + done.value().status().code(),
                    "what it says is above");
        }
        return home(node, folder, new Fetching(way.access(), crowd));
    }

    private Path home(Node node, String folder, Fetching fetching) throws SciabcException, InterruptedException {
        try {
            Path temporary = Files.createTempDirectory("sciabc-build-");
            Crowd.Result<Copied> result = fetching.fetch(List.of(node), List.of(folder + "/" + program()), temporary)
                    .get(0);
            if (result instanceof Crowd.Failed<Copied> failed) {
                discard(temporary.resolve(node.name()).resolve("none"));
                throw failed.reason();
            }
            return temporary
                    .resolve(node.name())
                    .resolve(String.valueOf(Path.of(program()).getFileName()));
        } catch (IOException full) {
            throw new SciabcException("cannot bring the program here", "there is no room for it", "", full);
        }
    }

    /** Deletes what {@link #compile} brought here. */
    static void discard(Path program) {
        try {
            Files.deleteIfExists(program);
            Path nodeFolder = program.getParent();
            if (nodeFolder != null) {
                Files.deleteIfExists(nodeFolder);
                Path temporary = nodeFolder.getParent();
                if (temporary != null) {
                    Files.deleteIfExists(temporary);
                }
            }
        } catch (IOException remains) {
            // A few kilobytes in the folder for temporary files: the system empties it.
            return;
        }
    }

    private Optional<String> compiler(Node node, Map<Node, Machine> machines) {
        return Optional.ofNullable(machines.get(node))
                .flatMap(machine -> Optional.ofNullable(machine.compilers().get(language.compiler)));
    }
}
