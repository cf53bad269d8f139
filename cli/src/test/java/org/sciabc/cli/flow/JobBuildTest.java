// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
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
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/** Compiling on this machine, with compilers that are scripts and note how they were called. */
class JobBuildTest {
    private static final Node NODE = Node.of("node1", List.of(InetAddress.getLoopbackAddress()));

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

    @Test
    void whatACompilerOnANodeSaysIsBoundedAndHarmless() throws Exception {
        Files.writeString(folder.resolve("hello.c"), "");
        byte[] endless = "x".repeat(3 << 20).getBytes(StandardCharsets.UTF_8);
        Compiling node = new Compiling("hello.c:1: \u001b[2Jwrong\n\t   ^~~\n", endless);
        BuildSite site = new BuildSite(Optional.of(NODE), "mpicc", "there", List.of(NODE));

        assertThatThrownBy(() -> JobBuild.of(Path.of("hello.c"), folder).compile(site, "/nowhere", way(node)))
                .hasMessageContaining("cannot compile hello.c on node1");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("hello.c:1: [2Jwrong\n    ^~~\nxxx")
                .hasSizeLessThan(2 << 20);
    }

    @Test
    void whatWasHalfBroughtIsDeletedToo() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("build"));
        Path part = Files.createDirectories(temporary.resolve("hello.of").resolve("node1"));
        Files.writeString(part.resolve("hello.part"), "half");

        JobBuild.discard(temporary.resolve("hello"), terminal());

        assertThat(temporary).doesNotExist();
        assertThat(said.size()).isZero();
    }

    private void compile(String name, String script) throws Exception {
        Files.deleteIfExists(folder.resolve("calls"));
        Files.writeString(folder.resolve(name), "");
        Path compiler = Files.writeString(
                folder.resolve("compiler"),
                "#!/bin/sh\necho \"$*\" >>'" + folder + "/calls'\n" + script + ": >\"$3\"\n");
        Files.setPosixFilePermissions(compiler, PosixFilePermissions.fromString("rwx------"));
        JobBuild.discard(
                JobBuild.of(Path.of(name), folder)
                        .compile(
                                new BuildSite(Optional.empty(), compiler.toString(), "here", List.of()),
                                "/nowhere",
                                way(new Unreachable())),
                terminal());
    }

    private JobBuild.Way way(Provisioner provisioner) {
        return new JobBuild.Way(
                through(provisioner), new OwnProcesses("/usr/bin:/bin", Duration.ofSeconds(5)), terminal());
    }

    private Terminal terminal() {
        PrintStream terminal = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Terminal(InputStream.nullInputStream(), terminal, terminal, "", Map.of());
    }

    private List<String> calls() throws Exception {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private Access through(Provisioner provisioner) {
        return new Access(
                provisioner,
                Settings.defaults(List.of()),
                folder,
                Users.local("pi")::choose,
                node -> Optional.empty(),
                HostKeyDecision.REFUSE,
                Duration.ofSeconds(1));
    }

    /** No node has a part in this. */
    private static class Unreachable implements Provisioner {
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

    /** A node whose compiler says this, and fails. */
    private static final class Compiling extends Unreachable implements NodeConnection {
        private final String says;
        private final byte[] more;

        Compiling(String says, byte[] more) {
            this.says = says;
            this.more = more;
        }

        @Override
        public NodeConnection connect(ConnectRequest request) {
            return this;
        }

        @Override
        public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException {
            try {
                streams.out().write(says.getBytes(StandardCharsets.UTF_8));
                streams.err().write(more);
            } catch (IOException impossible) {
                throw new SciabcException("cannot say it", "", "", impossible);
            }
            return new ExitStatus(1);
        }

        @Override
        public void upload(InputStream content, String path, int mode) {
            throw new AssertionError(path);
        }

        @Override
        public void close() {}
    }
}
