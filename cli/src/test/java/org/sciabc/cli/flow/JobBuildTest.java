// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.provision.Access;
import org.sciabc.provision.Users;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/** Compiling on this machine, with compilers that are scripts and note how they were called. */
class JobBuildTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void fortransLibraryGoesIntoTheProgram() throws Exception {
        compile("hello.f90", "");

        assertThat(calls()).singleElement().asString().contains("-Wl,-Bstatic -lgfortran -lquadmath ");
    }

    @Test
    void whereItIsNotThereInThatFormTheProgramIsLinkedAsUsual() throws Exception {
        compile("hello.f90", "case $* in *-lquadmath*) echo no quadmath; exit 1 ;; esac\necho as on ARM\n");
        assertThat(calls()).hasSize(2).last().asString().contains("-Wl,-Bstatic -lgfortran -Wl,-Bdynamic ");
        compile("hello.f90", "case $* in *-lgfortran*) echo no library; exit 1 ;; esac\necho a warning\n");

        assertThat(calls()).hasSize(3).last().asString().endsWith("hello.f90");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("as on ARM", "a warning")
                .doesNotContain("no ");
    }

    @Test
    void whatIsWrongWithASourceIsSaidOnce() {
        assertThatThrownBy(() -> compile("hello.f90", "echo wrong; exit 1\n"))
                .hasMessageContaining("cannot compile hello.f90");
        assertThat(said.toString(StandardCharsets.UTF_8)).containsOnlyOnce("wrong");
    }

    @Test
    void cIsCompiledInOneWay() throws Exception {
        compile("hello.c", "");

        assertThat(calls()).singleElement().asString().endsWith("hello.c -lm");
    }

    private void compile(String name, String script) throws Exception {
        Files.deleteIfExists(folder.resolve("calls"));
        Files.writeString(folder.resolve(name), "");
        Path compiler = Files.writeString(
                folder.resolve("compiler"),
                "#!/bin/sh\necho \"$*\" >>'" + folder + "/calls'\n" + script + ": >\"$3\"\n");
        Files.setPosixFilePermissions(compiler, PosixFilePermissions.fromString("rwx------"));
        PrintStream terminal = new PrintStream(said, true, StandardCharsets.UTF_8);
        JobBuild.Way way = new JobBuild.Way(
                nobody(),
                new OwnProcesses("/usr/bin:/bin", Duration.ofSeconds(5)),
                new Terminal(InputStream.nullInputStream(), terminal, terminal, "", Map.of()));
        JobBuild.discard(JobBuild.of(Path.of(name), folder)
                .compile(new BuildSite(Optional.empty(), compiler.toString(), "here", List.of()), "/nowhere", way));
    }

    private List<String> calls() throws Exception {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private Access nobody() {
        return new Access(
                new Unreachable(),
                Settings.defaults(List.of()),
                folder,
                Users.local("pi")::choose,
                node -> Optional.empty(),
                HostKeyDecision.REFUSE,
                Duration.ofSeconds(1));
    }

    /** No node has a part in this. */
    private static final class Unreachable implements Provisioner {
        @Override
        public String id() {
            return "nobody";
        }

        @Override
        public String summary() {
            return "for tests";
        }

        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public NodeConnection connect(ConnectRequest request) throws SciabcException {
            throw new SciabcException("no node is reached", "this test needs none", "");
        }

        @Override
        public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
            throw new SciabcException("no shell", "this test needs none", "");
        }
    }
}
