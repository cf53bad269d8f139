// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code sciabc} at the top of a clone, in a clone whose build takes no time and counts itself. */
class CloneScriptTest {

    private static final Path REAL = Project.root();

    /** What the wrapper of Maven is here: it packs a distribution that repeats its arguments. */
    private static final String BUILD = """
            #!/bin/sh
            echo build >>"$(dirname "$0")/builds"
            sleep ${BUILD_SECONDS:-0}
            mkdir -p cli/target/sciabc-1.0/bin
            printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\nexit 42\\n' >cli/target/sciabc-1.0/bin/sciabc
            chmod +x cli/target/sciabc-1.0/bin/sciabc
            """;

    @TempDir
    private Path folder;

    private Path clone;

    @BeforeEach
    void makeClone() throws IOException {
        clone = folder.resolve("my clone");
        for (String source : List.of(
                "core/src/main/java/A.java",
                "core/src/test/java/ATest.java",
                "plugins/ssh/pom.xml",
                "cli/src/dist/bin/sciabc",
                "examples/pi.c")) {
            write(source, "");
        }
        write(
                "pom.xml",
                "<project>\n<version>1.0</version>\n<dependency><version>2.0</version></dependency>\n</project>\n");
        script("mvnw", BUILD);
        script("tools/need", "#!/bin/sh\necho \"$@\" >>\"$(dirname \"$0\")/asked\"\n");
        Files.copy(REAL.resolve("sciabc"), clone.resolve("sciabc"));
        Instant longAgo = Instant.now().minusSeconds(3600);
        try (var files = Files.walk(clone)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(longAgo));
            }
        }
    }

    @Test
    void theFirstRunBuildsAndPassesEverythingOn() {
        Result run = sciabc("launch", "-n", "4", "--", "a b", "");

        assertThat(run.stdout()).isEqualTo("<launch><-n><4><--><a b><>");
        assertThat(run.exitStatus()).isEqualTo(42);
        assertThat(run.stderr()).contains("sciabc: building for the first time");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theSecondRunBuildsNothingAndSaysNothing() {
        sciabc("version");

        assertThat(sciabc("version").stderr()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void whateverTheDistributionIsMadeOfIsBuiltAnewWhenItChanges() throws IOException {
        sciabc("version");
        int expected = 1;
        for (String source : List.of(
                "pom.xml",
                "core/src/main/java/A.java",
                "core/src/main/java/New.java",
                "plugins/ssh/pom.xml",
                "cli/src/dist/bin/sciabc",
                "examples/pi.c",
                "examples/plugin-http-inventory/src/main/java/A.java")) {
            write(source, "<version>1.0</version>\n");
            assertThat(sciabc("version").stderr()).as(source).contains("sources have changed");
            assertThat(builds()).as(source).isEqualTo(++expected);
        }

        Files.delete(clone.resolve("core/src/main/java/New.java"));
        sciabc("version");
        assertThat(builds()).isEqualTo(++expected);
    }

    @Test
    void aTestIsNoReasonToBuild() throws IOException {
        sciabc("version");

        write("core/src/test/java/ATest.java", "changed");
        write("core/target/classes/A.class", "changed");
        sciabc("version");

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void whatPeopleMakeOfAnExampleIsNoReasonToBuild() throws IOException {
        sciabc("version");

        write("examples/pi", "a program");
        write("examples/results/node1/result.txt", "3.14");
        sciabc("version");

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void anInterruptedBuildIsDoneAnew() throws IOException {
        script("mvnw", "#!/bin/sh\nkill -s TERM $PPID\nsleep 0.2\n");
        assertThat(sciabc("version").exitStatus()).isNotZero();
        assertThat(clone.resolve("cli/target/distribution.lock")).doesNotExist();

        script("mvnw", BUILD);
        assertThat(sciabc("version").exitStatus()).isEqualTo(42);
    }

    @Test
    void aLockThatAKilledBuildHasLeftIsNoObstacle() throws IOException {
        write("cli/target/distribution.lock/pid", "999999999\n");

        assertThat(sciabc("version").exitStatus()).isEqualTo(42);
        assertThat(clone.resolve("cli/target/distribution.lock")).doesNotExist();
    }

    @Test
    void aLockFromBeforeThisMachineWasStartedIsNoObstacleWhoeverHasItsNumberNow() throws IOException {
        write("cli/target/distribution.lock/pid", ProcessHandle.current().pid() + " of-an-earlier-start\n");

        assertThat(sciabc("version").exitStatus()).isEqualTo(42);
        assertThat(clone.resolve("cli/target")).isDirectoryNotContaining("glob:**.lock*");
    }

    @Test
    void twoAtOnceBuildOnce() {
        LocalCommand first = start("version");
        LocalCommand second = start("version");

        assertThat(List.of(first.await(), second.await()))
                .allSatisfy(run -> assertThat(run.exitStatus()).isEqualTo(42));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aBuildThatFailsIsSaidAndLeavesNothingBehind() throws IOException {
        script("mvnw", "#!/bin/sh\necho 'A.java: no such thing'\nexit 1\n");

        Result run = sciabc("version");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).contains("A.java: no such thing", "error: the build failed");
        assertThat(clone.resolve("cli/target/distribution.stamp")).doesNotExist();
    }

    @Test
    void mayInstallOnlyWhenTheYesIsItsOwn() throws IOException {
        sciabc("demo", "--yes");
        assertThat(clone.resolve("tools/asked")).content().isEqualTo("--yes --for build sciabc jdk maven\n");

        Files.delete(clone.resolve("tools/asked"));
        write("pom.xml", "<version>1.0</version>\n");
        sciabc("launch", "--", "program", "--yes");
        assertThat(clone.resolve("tools/asked")).content().isEqualTo("--for build sciabc jdk maven\n");
    }

    @Test
    void runsThroughALinkFromAnywhere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), clone.resolve("sciabc"));

        assertThat(LocalCommand.run(folder, Command.of(link.toString(), "version"))
                        .stdout())
                .isEqualTo("<version>");
    }

    @Test
    void aCloneThatMayNotBeWrittenToIsNamed() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(clone.resolve("cli"), PosixFilePermissions.fromString("r-xr-xr-x"));

        Result run = LocalCommand.run(folder, asOrdinaryUser(command("version")));

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr()).contains("may not write to " + clone, "hint: ");
    }

    private Result sciabc(String... arguments) {
        return start(arguments).await();
    }

    private LocalCommand start(String... arguments) {
        return LocalCommand.start(folder, command(arguments));
    }

    private Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(clone.resolve("sciabc").toString()));
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new)).with("BUILD_SECONDS", "0.3");
    }

    /** Nothing is forbidden to root. */
    private static Command asOrdinaryUser(Command command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        words.addAll(command.words());
        return Command.of(words.toArray(String[]::new));
    }

    private int builds() {
        try {
            return Files.readAllLines(clone.resolve("builds")).size();
        } catch (IOException none) {
            return 0;
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = clone.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void script(String path, String content) throws IOException {
        write(path, content);
        Files.setPosixFilePermissions(clone.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
