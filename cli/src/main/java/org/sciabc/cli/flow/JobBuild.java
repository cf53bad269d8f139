// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.sciabc.spi.Untrusted;

/**
 * Compiles one source file, on this machine or on a node.
 *
 * @param source what it is called in the folder of the job
 * @param file where it is here
 * @param language whose compiler it needs
 */
record JobBuild(String source, Path file, Language language) {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int LONGEST_LINE = 1000;
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

    /** What the words of a compiler may end with; the first with which it succeeds is the best. */
    private static final List<List<String>> ENDINGS = List.of(List.of("-lm"));

    /**
     * Debian's Open MPI does without Fortran's run-time library, so that nodes lack it: it goes into the program where it is
     * there in that form. ARM has no libquadmath.
     */
    private static final List<List<String>> ENDINGS_OF_FORTRAN = List.of(
            List.of("-nodefaultlibs -Wl,-Bstatic -lgfortran -lquadmath -Wl,-Bdynamic -lm -lgcc -lgcc_s -lc"
                    .split(" ", -1)),
            List.of("-nodefaultlibs -Wl,-Bstatic -lgfortran -Wl,-Bdynamic -lm -lgcc -lgcc_s -lc".split(" ", -1)),
            List.of());

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
            // A node may be called as the program is.
            Path fetched = temporary.resolve(program.getFileName() + ".of");
            bringHome(node, folder, fetched, way);
            Files.move(fetched.resolve(node.name()).resolve(program.getFileName()), program);
            Files.delete(fetched.resolve(node.name()));
            Files.delete(fetched);
            return program;
        } catch (IOException full) {
            discard(program, way.terminal());
            throw new SciabcException("cannot bring the program here", "there is no room for it", "", full);
        } catch (SciabcException | InterruptedException failure) {
            discard(program, way.terminal());
            throw failure;
        }
    }

    /** With each of the endings until one succeeds; what the compiler says of the last that was tried is said. */
    private void compileWith(Compiler compiler, String place, Way way) throws SciabcException, InterruptedException {
        Iterator<List<String>> endings = (language == Language.FORTRAN ? ENDINGS_OF_FORTRAN : ENDINGS).iterator();
        Said said = new Said();
        ExitStatus status = compiler.run(endings.next(), CommandStreams.to(said, said));
        while (!status.isOk() && endings.hasNext()) {
            said.reset();
            status = compiler.run(endings.next(), CommandStreams.to(said, said));
        }
        judge(said, status, place, way);
    }

    /** Runs a compiler once. */
    private interface Compiler {
        ExitStatus run(List<String> ending, CommandStreams streams) throws SciabcException, InterruptedException;
    }

    private void compileHere(String compiler, Path program, Way way) throws SciabcException, InterruptedException {
        compileWith(
                (ending, streams) -> way.processes()
                        .run(words(compiler, program.toString(), file.toString(), ending), Map.of(), streams),
                "",
                way);
    }

    private void compileThere(Node node, String compiler, String folder, Way way)
            throws SciabcException, InterruptedException {
        Execution execution = new Execution(way.access(), new Crowd(1, LONGEST));
        compileWith(
                (ending, streams) -> {
                    String script = "cd " + ShellText.quote(folder) + " && exec "
                            + words(compiler, "./" + program(), "./" + source, ending).stream()
                                    .map(ShellText::quote)
                                    .collect(Collectors.joining(" "));
                    Crowd.Result<Execution.Ran> result = execution
                            .run(List.of(node), script, same -> streams)
                            .get(0);
                    if (result instanceof Crowd.Failed<Execution.Ran> failed) {
                        throw failed.reason();
                    }
                    return ((Crowd.Done<Execution.Ran>) result).value().status();
                },
                " on " + node.name(),
                way);
    }

    private static List<String> words(String compiler, String program, String from, List<String> ending) {
        List<String> words = new ArrayList<>(List.of(compiler, "-O2", "-o", program, from));
        words.addAll(ending);
        return words;
    }

    private void judge(Said said, ExitStatus status, String place, Way way) throws CliFailure {
        said.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> way.terminal().say(place.isEmpty() ? line : harmless(line)));
        if (!status.isOk()) {
            throw new CliFailure(
                    ExitCode.PARTLY,
                    "cannot compile " + source + place,
                    "the compiler ended with status " + status.code() + "; what it says is above",
                    "mend the source; headers of yours go along with '--with FILE'");
        }
    }

    /** What came from a node, with the spaces by which compilers point at a place in the line above. */
    private static String harmless(String line) {
        String spaced = line.replace('\t', ' ');
        int text = 0;
        while (text < Math.min(spaced.length(), LONGEST_LINE) && spaced.charAt(text) == ' ') {
            text++;
        }
        return " ".repeat(text) + Untrusted.line(spaced, LONGEST_LINE);
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

    /** Deletes what {@link #compile} brought here, or had begun to bring. */
    static void discard(Path program, Terminal terminal) {
        Path temporary = program.toAbsolutePath().getParent();
        if (temporary == null) {
            return;
        }
        try (Stream<Path> content = Files.walk(temporary)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException remains) {
            terminal.warning(
                    temporary + " stays on this machine: " + Untrusted.line(String.valueOf(remains.getMessage()), 200));
        }
    }

    /** What a compiler says, up to a limit: a node could fill the memory otherwise. */
    private static final class Said extends ByteArrayOutputStream {
        private static final int MOST = 1 << 20;

        @Override
        public synchronized void write(int octet) {
            if (count < MOST) {
                super.write(octet);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, Math.min(length, MOST - count));
        }
    }
}
