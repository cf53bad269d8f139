// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Terminal;
import org.sciabc.provision.Access;
import org.sciabc.provision.Copied;
import org.sciabc.provision.Crowd;
import org.sciabc.provision.Execution;
import org.sciabc.provision.Fetching;
import org.sciabc.provision.ShellText;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.LocalProcesses;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

/**
 * Compiles one source file, on this machine or on a node.
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
            "c++", Language.CXX,
            "f", Language.FORTRAN,
            "f90", Language.FORTRAN,
            "f95", Language.FORTRAN,
            "f03", Language.FORTRAN,
            "f08", Language.FORTRAN);

    /** What can be compiled. */
    enum Language {
        C("cc", "C", "c"),
        CXX("cxx", "C++", "c++"),
        FORTRAN("fort", "Fortran", "fortran");

        private final String compiler;
        private final String title;
        private final String setting;

        Language(String compiler, String title, String setting) {
            this.compiler = compiler;
            this.title = title;
            this.setting = setting;
        }

        /** The end of its compiler's name: {@code cc} of {@code mpicc}. */
        String compiler() {
            return compiler;
        }

        /** As people write it. */
        String title() {
            return title;
        }

        /** As launchers' settings name it. */
        String setting() {
            return setting;
        }
    }

    /** The ways to the machines, and who hears what the compiler says. */
    record Way(Access access, LocalProcesses processes, Terminal terminal) {}

    static JobBuild of(Path source, Path here) throws CliFailure {
        Path file = here.resolve(source).normalize();
        if (!Files.isRegularFile(file)) {
            throw CliFailure.usage(
                    "there is no file " + source + " to compile", "", "for example: sciabc launch --build -- heat.c");
        }
        String name = String.valueOf(file.getFileName());
        Language language = language(name)
                .orElseThrow(() -> CliFailure.usage(
                        "cannot compile " + source,
                        "--build knows C (.c), C++ (.cc, .cpp, .cxx) and Fortran (.f, .f90, .f95, .f03, .f08)",
                        name.endsWith(".py")
                                ? "a program in Python runs as it is: leave out --build"
                                : "compile it yourself, and launch the program"));
        return new JobBuild(JobProgram.nameInFolder(file, here), file, language);
    }

    private static Optional<Language> language(String name) {
        String ending = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
        // The one ending of C++ that is told from that of C by its case alone.
        return ending.equals("C")
                ? Optional.of(Language.CXX)
                : Optional.ofNullable(LANGUAGES.get(ending.toLowerCase(Locale.ROOT)));
    }

    /** What the program is called in the folder of the job. */
    String program() {
        return source.substring(0, source.lastIndexOf('.'));
    }

    void addTo(JobTree tree) throws SciabcException {
        tree.add(file);
    }

    /** Compiles it there; where that is a node, in this folder. The result is the program here, in a folder of its own. */
    Path compile(BuildSite site, String folder, Way way) throws SciabcException, InterruptedException {
        Path temporary = temporaryFolder();
        Path program = temporary.resolve(String.valueOf(Path.of(program()).getFileName()));
        try {
            if (site.builder().isEmpty()) {
                compileHere(site.compiler(), program, way);
                return program;
            }
            Node node = site.builder().get();
            compileThere(node, site.compiler(), folder, way);
            bringHome(node, folder, temporary, way);
            Files.move(temporary.resolve(node.name()).resolve(program.getFileName()), program);
            Files.delete(temporary.resolve(node.name()));
            return program;
        } catch (IOException full) {
            discard(program);
            throw new SciabcException("cannot bring the program here", "there is no room for it", "", full);
        } catch (SciabcException | InterruptedException failure) {
            discard(program);
            throw failure;
        }
    }

    private void compileHere(String compiler, Path program, Way way) throws SciabcException, InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ExitStatus status = way.processes()
                .run(words(compiler, program.toString(), file.toString()), Map.of(), CommandStreams.to(said, said));
        judge(said, status, "", way);
    }

    private void compileThere(Node node, String compiler, String folder, Way way)
            throws SciabcException, InterruptedException {
        String script = "cd " + ShellText.quote(folder) + " && exec "
                + words(compiler, "./" + program(), "./" + source).stream()
                        .map(ShellText::quote)
                        .collect(Collectors.joining(" "));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Crowd.Result<Execution.Ran> result = new Execution(way.access(), new Crowd(1, LONGEST))
                .run(List.of(node), script, same -> CommandStreams.to(said, said))
                .get(0);
        if (result instanceof Crowd.Done<Execution.Ran> done) {
            judge(said, done.value().status(), " on " + node.name(), way);
        } else if (result instanceof Crowd.Failed<Execution.Ran> failed) {
            throw failed.reason();
        }
    }

    private List<String> words(String compiler, String program, String from) {
        List<String> words = new ArrayList<>(List.of(compiler, "-O2", "-o", program, from));
        if (language != Language.FORTRAN) {
            words.add("-lm");
        }
        return words;
    }

    private void judge(ByteArrayOutputStream said, ExitStatus status, String place, Way way) throws CliFailure {
        said.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> way.terminal().say(line));
        if (!status.isOk()) {
            throw new CliFailure(
                    ExitCode.PARTLY,
                    "cannot compile " + source + place,
                    "the compiler ended with status " + status.code() + "; what it says is above",
                    "mend the source; headers of yours go along with '--with FILE'");
        }
    }

    private void bringHome(Node node, String folder, Path temporary, Way way)
            throws SciabcException, InterruptedException {
        Crowd.Result<Copied> result = new Fetching(way.access(), new Crowd(1, LONGEST))
                .fetch(List.of(node), List.of(folder + "/" + program()), temporary)
                .get(0);
        if (result instanceof Crowd.Failed<Copied> failed) {
            throw failed.reason();
        }
    }

    private static Path temporaryFolder() throws SciabcException {
        try {
            return Files.createTempDirectory("sciabc-build-");
        } catch (IOException full) {
            throw new SciabcException(
                    "cannot make a temporary folder", "there is no room, or no right to write", "", full);
        }
    }

    /** Deletes what {@link #compile} brought here. */
    static void discard(Path program) {
        try {
            Files.deleteIfExists(program);
            Path temporary = program.getParent();
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException remains) {
            // A few kilobytes in the folder for temporary files: the system empties it.
            return;
        }
    }
}
