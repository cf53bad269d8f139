// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./mvnw}, among Mavens that only say who they are. */
class MavenWrapperTest {

    /** What the script calls; nothing else is on its PATH, least of all a Maven. */
    private static final List<String> TOOLS = List.of(
            "sh", "dirname", "readlink", "sed", "mktemp", "sha512sum", "cut", "tar", "gzip", "mkdir", "mv", "rm");

    @TempDir
    private Path folder;

    private Path path;
    private Path clone;

    @BeforeEach
    void copyTheWrapper() throws IOException {
        path = Files.createDirectory(folder.resolve("path"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(path.resolve(tool), installed(tool));
        }
        script(path.resolve("curl"), "exec " + installed("cp") + " \"${7#file://}\" \"$6\"\n");
        clone = folder.resolve("my clone");
        Files.createDirectories(clone.resolve(".mvn/wrapper"));
        Files.copy(Project.root().resolve("mvnw"), clone.resolve("mvnw"));
        pin("9.9.9", "no sum");
    }

    @Test
    void aMavenOnPathIsUsedAndGetsTheArgumentsAsTheyAre() throws IOException {
        Files.createSymbolicLink(path.resolve("mvn"), maven("system", "3.8.7"));

        assertThat(mvnw("-q", "a b", "").succeeded().stdout()).isEqualTo("system <-q> <a b> <>\n");
    }

    @Test
    void underTheNameMvnOnPathItDoesNotCallItself() throws IOException {
        Path link = Files.createSymbolicLink(path.resolve("mvn"), clone.resolve("mvnw"));

        Result result = LocalCommand.run(folder, onThatMachine(Command.of(link.toString(), "-v")));

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("there is none\n", "Maven 9.9.9 is fetched");
    }

    @Test
    void mavenHomeComesBeforePath() throws IOException {
        Files.createSymbolicLink(path.resolve("mvn"), maven("system", "3.9.9"));
        maven("own", "4.0.0");

        Result result = LocalCommand.run(
                folder, command("-v").with("MAVEN_HOME", folder.resolve("own").toString()));

        assertThat(result.succeeded().stdout()).isEqualTo("own <-v>\n");
    }

    @Test
    void debiansMavenIsRecognised() throws IOException {
        Path mvn = maven("debian/share/maven", "3.x");
        Path jars = Files.createDirectories(folder.resolve("debian/share/java"));
        Files.createFile(jars.resolve("maven3-core-3.8.7.jar"));
        Files.createSymbolicLink(path.resolve("mvn"), mvn);

        assertThat(mvnw("-v").succeeded().stdout()).isEqualTo("debian/share/maven <-v>\n");
    }

    @Test
    void aMavenThatIsTooOldIsNamedWithWhatToInstall() throws IOException {
        Files.createSymbolicLink(path.resolve("mvn"), maven("system", "3.6.3"));

        Result result = mvnw("verify");

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stdout()).isEmpty();
        assertThat(result.stderr())
                .startsWith("error: Maven 3.8 or newer is needed to build this, and there is none ("
                        + path.resolve("mvn") + " is 3.6.3)\nhint: ")
                .contains("apt install maven", "MVNW_REPOURL", "Maven 9.9.9 is fetched");
    }

    @Test
    void thePinnedMavenIsFetchedOnceAndThenUsed() throws IOException {
        pin("9.9.9", sumOf(offer("9.9.9")));

        Result first = LocalCommand.run(
                folder, command("first").with("MVNW_REPOURL", "file://" + folder.resolve("repository/")));

        assertThat(first.succeeded().stdout()).isEqualTo("apache-maven-9.9.9 <first>\n");
        assertThat(mvnw("second").succeeded().stdout()).isEqualTo("apache-maven-9.9.9 <second>\n");
    }

    @Test
    void halfAMavenIsReplacedByAWholeOneAndNothingElseIsLeft() throws IOException {
        pin("9.9.9", sumOf(offer("9.9.9")));
        Path kept = folder.resolve(".m2/wrapper/dists");
        Files.createDirectories(kept.resolve("apache-maven-9.9.9/lib"));

        LocalCommand.run(folder, command("-v").with("MVNW_REPOURL", "file://" + folder.resolve("repository")))
                .succeeded();

        try (var folders = Files.list(kept)) {
            assertThat(folders).containsExactly(kept.resolve("apache-maven-9.9.9"));
        }
        assertThat(kept.resolve("apache-maven-9.9.9/lib/maven-core-9.9.9.jar")).exists();
    }

    @Test
    void aDownloadThatIsNotThePinnedMavenIsRefusedAndNotKept() throws IOException {
        offer("9.9.9");

        Result result =
                LocalCommand.run(folder, command("-v").with("MVNW_REPOURL", "file://" + folder.resolve("repository")));

        assertThat(result.exitStatus()).isEqualTo(69);
        assertThat(result.stderr()).contains("is not Maven 9.9.9: its SHA-512 is ");
        assertThat(mvnw("-v").exitStatus()).isEqualTo(69);
    }

    private Result mvnw(String... arguments) {
        return LocalCommand.run(folder, command(arguments));
    }

    private Command command(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = clone.resolve("mvnw").toString();
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return onThatMachine(Command.of(words));
    }

    private Command onThatMachine(Command command) {
        return command.with("PATH", path.toString())
                .with("HOME", folder.toString())
                .with("MAVEN_HOME", "")
                .with("MAVEN_USER_HOME", "")
                .with("MVNW_REPOURL", "");
    }

    /** Installs a Maven that says its name and its arguments, and gives its command. */
    private Path maven(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("maven-core-" + version + ".jar"));
        Path command = Files.createDirectories(home.resolve("bin")).resolve("mvn");
        script(command, "line=" + name + "\nfor word in \"$@\"; do line=\"$line <$word>\"; done\necho \"$line\"\n");
        return command;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Puts such a Maven into a repository, and gives its archive. */
    private Path offer(String version) throws IOException {
        String name = "apache-maven-" + version;
        maven(name, version);
        Path offered = Files.createDirectories(folder.resolve("repository/org/apache/maven/apache-maven/" + version))
                .resolve(name + "-bin.tar.gz");
        LocalCommand.run(folder, Command.of("tar", "-czf", offered.toString(), name))
                .succeeded();
        return offered;
    }

    private void pin(String version, String sum) throws IOException {
        Files.writeString(
                clone.resolve(".mvn/wrapper/maven-wrapper.properties"),
                "distributionVersion=" + version + "\ndistributionSha512Sum=" + sum + "\n");
    }

    private static String sumOf(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Path installed(String tool) {
        for (String place : List.of("/bin", "/usr/bin", "/usr/local/bin")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return Path.of(place, tool);
            }
        }
        throw new IllegalStateException("this test needs " + tool);
    }
}
