// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tools/need} on a machine that has only what a test puts into its one folder of programs. */
class NeedScriptTest {

    private static final List<String> ALWAYS_THERE = List.of("sed", "dirname", "env", "cat", "cp", "chmod");

    private static final String JDK_17 = "#!/bin/sh\necho javac 17.0.15\n";

    @TempDir
    private Path folder;

    private Path programs;

    @BeforeEach
    void makeMachine() throws IOException {
        programs = Files.createDirectory(folder.resolve("programs"));
        for (String program : ALWAYS_THERE) {
            program(program, "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
        }
        program("id", "#!/bin/sh\necho 0\n");
        Files.writeString(folder.resolve("jdk"), JDK_17);
    }

    @Test
    void saysNothingWhenNothingIsMissing() throws IOException {
        program("javac", JDK_17);

        Result run = need("--for", "build", "jdk");

        assertThat(run.exitStatus()).isZero();
        assertThat(run.stdout() + run.stderr()).isEmpty();
    }

    @Test
    void installsNothingUnaskedWithoutATerminal() throws IOException {
        aptGet();

        Result run = need("--for", "build sciabc", "jdk");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr())
                .contains("error: this machine lacks a Java development kit (17 or newer), needed to build sciabc")
                .containsPattern("hint: run 'apt-get -q install -y --no-install-recommends \\S*jdk-headless' first")
                .contains("--yes");
        assertThat(installations()).isEmpty();
    }

    @Test
    void installsWhenToldToAndSaysWhat() throws IOException {
        aptGet();

        Result run = need("--yes", "--for", "build sciabc", "jdk");

        assertThat(run.exitStatus()).as(run::toString).isZero();
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).contains("Installing:  apt-get -q install");
        assertThat(installations())
                .satisfiesExactly(
                        update -> assertThat(update).isEqualTo("-q update"),
                        install ->
                                assertThat(install).matches("-q install -y --no-install-recommends \\S*jdk-headless"));
    }

    @Test
    void anOldJavaIsAsGoodAsNone() throws IOException {
        program("javac", "#!/bin/sh\necho javac 11.0.2\n");
        aptGet();

        assertThat(need("--for", "build", "jdk").exitStatus()).isEqualTo(69);
    }

    @Test
    void anInstallationThatChangesNothingIsAFailure() throws IOException {
        program("apt-get", "#!/bin/sh\nexit 0\n");

        Result run = need("--yes", "--for", "build", "jdk");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr()).contains("is still not found after the installation");
    }

    @Test
    void anInstallerThatFailsIsAFailure() throws IOException {
        program("apt-get", "#!/bin/sh\necho 'E: no route to the mirror' >&2\nexit 100\n");

        Result run = need("--yes", "--for", "build", "jdk");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr())
                .contains("E: no route to the mirror", "error: the packages could not be installed: ")
                .contains("nor could the list of packages be brought up to date");
    }

    @Test
    void anOldListOfPackagesIsNoReasonNotToInstall() throws IOException {
        program("apt-get", """
                #!/bin/sh
                case $* in *update*) exit 100 ;; esac
                cp "$JDK" "$PROGRAMS/javac" && chmod +x "$PROGRAMS/javac"
                """);

        assertThat(need("--yes", "--for", "build", "jdk").exitStatus()).isZero();
    }

    @Test
    void aMavenThatIsStillTooOldIsNamed() throws IOException {
        program("apt-get", "#!/bin/sh\nexit 0\n");
        program("mvn", "#!/bin/sh\necho Apache Maven 3.6.3\n");

        Result run = need("--yes", "--for", "build", "maven");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr()).contains("/mvn is 3.6.3", "MVNW_REPOURL").doesNotContain("is still not found");
    }

    @Test
    void anOrdinaryUserInstallsThroughSudoWhichMayNotAsk() throws IOException {
        aptGet();
        program("id", "#!/bin/sh\necho 1000\n");
        program("sudo", "#!/bin/sh\necho sudo \"$1\" >>\"$LOG\"\nshift\nexec \"$@\"\n");

        Result run = need("--yes", "--for", "build", "jdk");

        assertThat(run.exitStatus()).as(run::toString).isZero();
        assertThat(installations()).contains("sudo -n");
    }

    @Test
    void anOrdinaryUserWithoutSudoIsToldWhatToAskFor() throws IOException {
        aptGet();
        program("id", "#!/bin/sh\necho 1000\n");

        Result run = need("--yes", "--for", "build", "jdk");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr()).contains("there is no sudo here", "hint: have an administrator run 'apt-get ");
        assertThat(installations()).isEmpty();
    }

    @Test
    void usesThePackageManagerThatIsThere() throws IOException {
        program(
                "pacman",
                "#!/bin/sh\necho \"$@\" >>\"$LOG\"\ncp \"$JDK\" \"$PROGRAMS/javac\"\nchmod +x \"$PROGRAMS/javac\"\n");

        assertThat(need("--yes", "--for", "build", "jdk").exitStatus()).isZero();
        assertThat(installations()).containsExactly("-S --needed --noconfirm jdk21-openjdk");
    }

    @Test
    void withoutAPackageManagerSaysWhatIsMissing() {
        Result run = need("--yes", "--for", "build", "jdk");

        assertThat(run.exitStatus()).isEqualTo(69);
        assertThat(run.stderr()).contains("lacks a Java development kit", "no package manager");
    }

    @Test
    void asksOnATerminalAndTakesNoForAnAnswer() throws IOException {
        aptGet();

        Result refused = onTerminal("n\n");
        assertThat(refused.stdout()).contains("To install:  apt-get", "Do that now? [y/N]", "nothing was installed");
        assertThat(installations()).isEmpty();

        Result agreed = onTerminal("y\n");
        assertThat(agreed.exitStatus()).as(agreed::toString).isZero();
        assertThat(installations()).hasSize(2);
    }

    private Result need(String... arguments) {
        List<String> words = new ArrayList<>(List.of(script()));
        words.addAll(List.of(arguments));
        return LocalCommand.run(folder, onThatMachine(Command.of(words.toArray(String[]::new))));
    }

    private Result onTerminal(String answer) {
        return LocalCommand.run(
                folder,
                onThatMachine(Command.of("/usr/bin/script", "-qec", script() + " --for build jdk", "/dev/null"))
                        .with("SHELL", "/bin/sh")
                        .reading(answer));
    }

    private Command onThatMachine(Command command) {
        return command.with("PATH", programs.toString())
                .with("PROGRAMS", programs.toString())
                .with("JAVA_HOME", "")
                .with("MAVEN_HOME", "")
                .with("MAVEN_USER_HOME", folder.toString())
                .with("MVNW_REPOURL", "")
                .with("JDK", folder.resolve("jdk").toString())
                .with("LOG", log().toString());
    }

    private static String script() {
        return Project.root().resolve("tools/need").toString();
    }

    /** One that installs a JDK, whatever it is asked for. */
    private void aptGet() throws IOException {
        program("apt-get", """
                #!/bin/sh
                echo "$@" >>"$LOG"
                case $* in *install*) cp "$JDK" "$PROGRAMS/javac" && chmod +x "$PROGRAMS/javac" ;; esac
                """);
    }

    private void program(String name, String content) throws IOException {
        Files.writeString(programs.resolve(name), content);
        Files.setPosixFilePermissions(programs.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path log() {
        return folder.resolve("log");
    }

    private List<String> installations() throws IOException {
        return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    }
}
