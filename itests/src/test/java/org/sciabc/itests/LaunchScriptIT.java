// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/sciabc} of the unpacked distribution, copied to a place that is awkward. */
class LaunchScriptIT {

    @TempDir
    private Path folder;

    private Path distribution;
    private Path cache;

    @BeforeEach
    void copyTheDistribution() throws IOException {
        cache = folder.resolve("the cache");
        distribution = folder.resolve("an awkward $(place)");
        Path original = Project.distribution();
        for (Path file : tree(original)) {
            Path copy = distribution.resolve(original.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy);
            }
        }
    }

    @Test
    void startsFromAnyPathAndThroughLinks() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), script());
        Path linkToTheLink = Files.createSymbolicLink(folder.resolve("sciabc"), link.getFileName());

        String said = sciabc("version").succeeded().stdout();

        assertThat(said).startsWith("sciabc ");
        assertThat(run(Command.of(linkToTheLink.toString(), "version")))
                .satisfies(result -> assertThat(result.succeeded().stdout()).isEqualTo(said));
        assertThat(run(Command.script("PATH=.:$PATH sciabc version"))
                        .succeeded()
                        .stdout())
                .isEqualTo(said);
        assertThat(run(Command.of("sh", folder.relativize(script()).toString(), "version"))
                        .succeeded()
                        .stdout())
                .isEqualTo(said);
    }

    @Test
    void whatCannotBeWrittenIsSaidAndWhatNobodyReadsIsNot() {
        Result full = run(Command.script("'" + script() + "' help >/dev/full"));
        Result unread = run(Command.script("{ '" + script() + "' help; echo $? >&2; } | true"));

        assertThat(full.exitStatus()).isEqualTo(74);
        assertThat(full.stderr()).startsWith("error: cannot write to standard output: ");
        assertThat(unread.stderr()).isEqualTo("0\n");
    }

    @Test
    void leavesNothingInTheDistribution() throws IOException {
        List<Path> before = tree(distribution);

        sciabc("version").succeeded();

        assertThat(tree(distribution)).isEqualTo(before);
    }

    @Test
    void saysWhereTheProgramShouldHaveBeen() throws IOException {
        Path alone = Files.copy(
                script(), Files.createDirectories(folder.resolve("alone/bin")).resolve("sciabc"));

        Result result = run(Command.of(alone.toString(), "version"));

        assertThat(result.exitStatus()).isEqualTo(78);
        assertThat(result.stderr()).startsWith("error: cannot read the program itself: " + folder.resolve("alone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "UTF-8"})
    void wordsAreReadInLocalesThatKnowAsciiAlone(String locale) {
        Command command = withWord("plugins check");

        for (Result result : List.of(
                run(command.with("LC_ALL", locale)),
                run(command.with("LC_ALL", "").with("LC_CTYPE", locale)),
                run(command.with("LC_ALL", "").with("LC_CTYPE", "").with("LANG", locale)),
                run(command.with("LC_ALL", "").with("LC_CTYPE", "").with("LANG", "")))) {
            assertThat(result.stderr()).as(result.toString()).contains("pr\u00f6gr\u00e4mm \u2603.jar");
        }
    }

    @Test
    void wordsThatCannotBeReadAreNotTakenForOthers() {
        Result result = run(withWord("launch --").with("LC_ALL", "xx_XX.UTF-8"));

        assertThat(result.exitStatus()).as(result.toString()).isEqualTo(64);
        assertThat(result.stderr())
                .contains("error: cannot read the word 'pr", "'xx_XX.UTF-8'", "hint: put LC_ALL=C.UTF-8 before");
    }

    @Nested
    class Archives {

        @Test
        void theFirstRunOfAVerbMakesOneAndTheNextUsesIt() throws IOException {
            String first = sciabc("version").succeeded().stdout();
            Path archive = onlyArchiveOf("version");
            var made = Files.getLastModifiedTime(archive);

            Result second = sciabc("version");

            assertThat(second.succeeded().stdout()).isEqualTo(first);
            assertThat(second.stderr()).isEmpty();
            assertThat(Files.getLastModifiedTime(archive)).isEqualTo(made);
        }

        @Test
        void oneThatIsNoArchiveIsPassedOverInSilence() throws IOException {
            sciabc("version").succeeded();
            Path archive = onlyArchiveOf("version");
            Files.delete(archive);
            Files.writeString(archive, "not an archive".repeat(10_000));

            Result result = sciabc("version");

            assertThat(result.succeeded().stdout()).startsWith("sciabc ").hasLineCount(1);
            assertThat(result.stderr()).isEmpty();
        }

        @Test
        void halfOfOneStopsNoMoreThanOneRun() throws IOException {
            sciabc("version").succeeded();
            Path archive = onlyArchiveOf("version");
            byte[] whole = Files.readAllBytes(archive);
            Files.delete(archive);
            Files.write(archive, Arrays.copyOf(whole, whole.length / 10));

            sciabc("version");

            assertThat(sciabc("version").succeeded().stdout()).startsWith("sciabc ");
        }

        @Test
        void anotherBuildInTheSamePlaceHasItsOwn() throws IOException {
            sciabc("version").succeeded();
            Path ofTheOld = onlyArchiveOf("version");
            Path id = distribution.resolve("lib/build-id");
            Files.setPosixFilePermissions(id, PosixFilePermissions.fromString("rw-r--r--"));
            Files.writeString(id, "another\n");

            sciabc("version").succeeded();

            assertThat(onlyArchiveOf("version"))
                    .isNotEqualTo(ofTheOld)
                    .asString()
                    .contains("/@another/");
        }

        @Test
        void withoutAPlaceForThemThereAreNone() {
            assertThat(run(version().with("XDG_CACHE_HOME", "/proc"))
                            .succeeded()
                            .stderr())
                    .isEmpty();
            assertThat(run(version().with("XDG_CACHE_HOME", "").with("HOME", ""))
                            .succeeded()
                            .stderr())
                    .isEmpty();
            assertThat(cache).doesNotExist();
        }

        private Path onlyArchiveOf(String verb) throws IOException {
            List<Path> archives = tree(cache).stream()
                    .filter(file -> file.endsWith(verb + ".jsa"))
                    .toList();
            assertThat(archives).hasSize(1);
            return archives.get(0);
        }
    }

    @Nested
    class Java {

        @Test
        void getsTheArgumentsAsTheyAre() throws IOException {
            Result result = run(Command.of(script().toString(), "launch", "--", "a b", "", "*", "$HOME")
                    .with("JAVA_HOME", java("21.0.1").toString()));

            assertThat(result.succeeded().stdout())
                    .contains("<-Dsciabc.home=" + distribution + ">", "<-Dsciabc.tty=>")
                    .endsWith("<launch> <--> <a b> <> <*> <$HOME>\n");
        }

        @Test
        void runsShortVerbsWithItsFirstCompilerOnly() throws IOException {
            String home = java("17.0.1").toString();

            assertThat(sayingOf("version", home)).contains("<-XX:TieredStopAtLevel=1>");
            assertThat(sayingOf("provision", home)).doesNotContain("TieredStopAtLevel");
        }

        /** What it starts has to close as many. */
        @Test
        void mayOpenAsManyFilesAsAJobNeedsAndNoMore() throws IOException {
            String home = java("17.0.1").toString();

            assertThat(withOpenFiles(1024, "launch", home)).contains("files 4096 ", "<-XX:-MaxFDLimit>");
            assertThat(withOpenFiles(5000, "launch", home)).contains("files 5000 ", "<-XX:-MaxFDLimit>");
            assertThat(withOpenFiles(1024, "version", home))
                    .contains("files 1024 ")
                    .doesNotContain("MaxFDLimit");
        }

        /** Else the first file that it opens would be its input. */
        @Test
        void hasThreeStreamsWhicheverWereClosed() throws IOException {
            Path home = java("17.0.1");
            Path said = folder.resolve("streams");
            Files.writeString(
                    home.resolve("bin/java"),
                    "#!/bin/sh\nsaid=$(for each in 0 1 2; do readlink \"/proc/$$/fd/$each\"; done)\necho \"$said\" >'"
                            + said + "'\n");

            run(Command.script("'" + script() + "' version <&- >&- 2>&-").with("JAVA_HOME", home.toString()))
                    .succeeded();

            assertThat(said).hasContent("/dev/null\n/dev/null\n/dev/null\n");
        }

        @Test
        void ofPathIsTakenWhereJavaHomeIsTooOld() throws IOException {
            Path newer = java("25");
            Result result = run(version()
                    .with("JAVA_HOME", java("1.8.0_402").toString())
                    .with("PATH", newer.resolve("bin") + ":" + System.getenv("PATH")));

            assertThat(result.succeeded().stdout()).contains("<version>");
        }

        @Test
        void thatDescribesItselfNowhereIsAsked() throws IOException {
            Path home = java("11.0.2");
            Files.delete(home.resolve("release"));
            Files.writeString(
                    home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");

            Result result = run(withoutJavaOnPath(home.toString()));

            assertThat(result.exitStatus()).isEqualTo(78);
            assertThat(result.stderr()).contains("JAVA_HOME (" + home + ") is 11.0.2");
        }

        @Test
        void whichIsMissingIsAskedForWithEveryPlaceThatWasTried() throws IOException {
            Path home = java("11.0.2");

            Result tooOld = run(withoutJavaOnPath(home.toString()));
            Result nowhere = run(withoutJavaOnPath(""));
            Result wrong = run(withoutJavaOnPath("/nowhere"));

            assertThat(List.of(tooOld, nowhere, wrong)).allSatisfy(result -> {
                assertThat(result.exitStatus()).isEqualTo(78);
                assertThat(result.stdout()).isEmpty();
                assertThat(result.stderr())
                        .startsWith("error: Java 17 or newer is needed, and was not found\n  JAVA_HOME ")
                        .contains("\n  no java is on PATH\nhint: ");
            });
            assertThat(tooOld.stderr()).contains("  JAVA_HOME (" + home + ") is 11.0.2\n");
            assertThat(nowhere.stderr()).contains("  JAVA_HOME is not set\n");
            assertThat(wrong.stderr()).contains("  JAVA_HOME (/nowhere) has no bin/java that can be run\n");
        }

        private String withOpenFiles(int most, String verb, String home) {
            return run(Command.script("ulimit -S -n " + most + " && '" + script() + "' " + verb)
                            .with("JAVA_HOME", home))
                    .succeeded()
                    .stdout();
        }

        private String sayingOf(String verb, String home) {
            return run(Command.of(script().toString(), verb).with("JAVA_HOME", home))
                    .succeeded()
                    .stdout();
        }

        private Command withoutJavaOnPath(String home) throws IOException {
            return Command.of("/bin/sh", script().toString(), "version")
                    .with("JAVA_HOME", home)
                    .with(
                            "PATH",
                            Files.createDirectories(folder.resolve("empty")).toString());
        }

        /** The home of a Java that says what it was given. */
        private Path java(String version) throws IOException {
            Path home = folder.resolve("java-" + version);
            Path command = Files.createDirectories(home.resolve("bin")).resolve("java");
            Files.writeString(command, """
                    #!/bin/sh
                    line="files $(ulimit -S -n)"
                    for word in "$@"; do line="$line <$word>"; done
                    echo "$line"
                    """);
            Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(
                    home.resolve("release"),
                    "IMPLEMENTOR=\"Nobody\"\nJAVA_RUNTIME_VERSION=\"" + version + "+1\"\nJAVA_VERSION=\"" + version
                            + "\"\n");
            return home;
        }
    }

    /** The word is given in bytes, because these tests may run in such a locale themselves. */
    private Command withWord(String verb) {
        String word = "\"$(printf 'pr\\303\\266gr\\303\\244mm \\342\\230\\203.jar')\"";
        return Command.script("'" + script() + "' " + verb + " " + word);
    }

    private Path script() {
        return distribution.resolve("bin/sciabc");
    }

    private Result sciabc(String verb) {
        return run(Command.of(script().toString(), verb));
    }

    private Command version() {
        return Command.of(script().toString(), "version");
    }

    private Result run(Command command) {
        Command inOurCache = command.environment().containsKey("XDG_CACHE_HOME")
                ? command
                : command.with("XDG_CACHE_HOME", cache.toString());
        return LocalCommand.run(folder, inOurCache);
    }

    private static List<Path> tree(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.sorted().toList();
        }
    }
}
