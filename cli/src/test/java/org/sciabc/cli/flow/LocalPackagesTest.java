// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.OwnProcesses;

/** With programs that stand in for those of a machine: its own Python, a person's Python before it, a package manager. */
final class LocalPackagesTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<List<String>> ran = new ArrayList<>();
    private boolean root = true;

    @TempDir
    private Path folder;

    @Test
    void aPythonWithoutMpi4pyDoesNotHideTheOneOfTheSystem() throws Exception {
        program("own/python3", "exit 1");
        Path systems = program("system/python3", "[ \"$2\" = 'import mpi4py' ]");

        assertThat(packages(true).python()).contains(systems);
    }

    @Test
    void aCompilerWithoutMpisHeadersIsNone() throws Exception {
        program("system/mpicc", "echo 'mpi.h: No such file or directory' >&2; exit 1");

        assertThat(packages(true).compiler()).isEmpty();
    }

    @Test
    void aMachineThatCanCompileNeedsNothing() throws Exception {
        program("system/mpirun", "");
        program("system/orted", "");
        program("system/ssh", "");
        program("system/mpicc", "");
        program("system/apt-get", "exit 1");

        packages(true).ensureOpenMpi();

        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void mpichIsNoOpenMpi() throws Exception {
        program("system/mpirun", "");
        program("system/ssh", "");
        program("system/mpicc", "[ \"$1\" != -showme ]");

        assertThat(packages(true).compiler()).isEmpty();
        assertThatThrownBy(() -> packages(true).ensureOpenMpi()).hasMessageContaining("Open MPI is missing");
    }

    @Test
    void theCompilerOfOpenMpiIsFoundBesideMpichs() throws Exception {
        program("own/mpicc", "[ \"$1\" != -showme ]");
        Path ours = program("own/mpicc.openmpi", "");

        assertThat(packages(true).compiler()).contains(ours);
    }

    @Test
    void aListOfPackagesThatIsOldIsNoReasonNotToInstall() throws Exception {
        program("system/ssh", "");
        program(
                "system/apt-get",
                "[ $1 = install ] || exit 100; cd '" + folder + "/system' && for each in mpirun prted mpicc; do"
                        + " printf '#!/bin/sh\\n' >$each && chmod +x $each; done");

        packages(true).ensureOpenMpi();

        assertThat(said.toString(StandardCharsets.UTF_8)).contains("could not be brought up to date");
    }

    @Test
    void whoIsNotRootInstallsWithSudo() throws Exception {
        program("system/apt-get", "");
        root = false;

        assertThatThrownBy(() -> packages(true).ensureOpenMpi()).hasMessageContaining("could not install it");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("  sudo apt-get install");
        assertThat(ran)
                .first()
                .asString()
                .isEqualTo("[sudo, -n, env, DEBIAN_FRONTEND=noninteractive, apt-get, update, -qq]");
    }

    @Test
    void onlyWhatIsMissingIsInstalled() throws Exception {
        program("system/mpirun", "");
        program("system/orted", "");
        program("system/ssh", "");
        program("system/mpicc", "exit 1");
        program("own/python3", "exit 1");
        program(
                "system/apt-get",
                "echo \"$*\" >>'" + folder + "/calls'; printf '#!/bin/sh\\n' >'" + folder
                        + "/system/python3'; chmod +x '" + folder + "/system/python3'");

        packages(true).ensureOpenMpi();

        assertThat(Files.readAllLines(folder.resolve("calls")))
                .containsExactly("update -qq", "install -y -q --no-install-recommends python3-mpi4py");
    }

    @Test
    void nothingIsInstalledUnasked() throws Exception {
        program("system/apt-get", "touch '" + folder + "/calls'");

        assertThatThrownBy(() -> packages(false).ensureOpenMpi()).hasMessageContaining("no terminal to ask on");
        assertThat(folder.resolve("calls")).doesNotExist();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains(
                        "missing on this machine: Open MPI, mpi4py, ssh", "openmpi-bin python3-mpi4py openssh-client");
    }

    private Path program(String name, String script) throws Exception {
        Path program = folder.resolve(name);
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private LocalPackages packages(boolean agreed) {
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), stream, stream, "", Map.of());
        return new LocalPackages(
                terminal,
                new Questions(terminal, agreed),
                new OwnProcesses("/usr/bin:/bin", Duration.ofSeconds(5)),
                new Installing(),
                folder.resolve("own") + ":" + folder.resolve("system"),
                root);
    }

    /** Runs what a test has put into place. */
    private final class Installing implements LocalPackages.Installer {
        @Override
        public Optional<List<String>> sudo() {
            return Optional.of(List.of("sudo", "-n"));
        }

        @Override
        public int run(List<String> command) throws InterruptedException {
            ran.add(command);
            if (command.get(0).equals("sudo")) {
                return 1;
            }
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("PATH", folder.resolve("system") + ":/usr/bin:/bin");
            try {
                return builder.start().waitFor();
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        }
    }
}
