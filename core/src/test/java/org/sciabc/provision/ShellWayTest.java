// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.launch.OwnProcesses;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

/** The folder of a job over a remote shell, which is a program that runs here what it is to run there. */
class ShellWayTest {
    @TempDir
    private Path folder;

    private LocalNode node;
    private Path program;
    private Path job;
    private final List<String> detours = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        node = LocalNode.in(folder.resolve("node")).with("FAKE_UID=" + Files.getAttribute(folder, "unix:uid"));
        program = Files.writeString(
                Files.createDirectories(folder.resolve("here")).resolve("run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        job = folder.resolve("sciabc-job-1");
    }

    @Test
    void aSmallTreeNeedsNoConnectionOfItsOwn() throws Exception {
        ShellWay way = way("exec /bin/sh -c \"$2\"");

        assertThat(stage(way)).isEqualTo(new Copied(1, 10, 0));
        assertThat(job.resolve("run")).isExecutable().hasSameTextualContentAs(program);

        remove(way);
        assertThat(job).doesNotExist();
        assertThat(node.connections).hasValue(0);
    }

    @Test
    void aLoginShellThatGreetsDoesNotMatter() throws Exception {
        assertThat(stage(way("echo hello; printf hello; echo hello >&2; exec bash -c \"$2\"")))
                .isEqualTo(new Copied(1, 10, 0));

        assertThat(job.resolve("run")).isExecutable();
        assertThat(node.connections).hasValue(0);
    }

    @Test
    void whatTheShellDoesNotReachIsReachedByAConnection() throws Exception {
        ShellWay way = way("exit 255");

        stage(way);
        assertThat(job.resolve("run")).isExecutable();

        remove(way);
        assertThat(job).doesNotExist();
        assertThat(node.connections).hasPositiveValue();
        assertThat(detours).hasSize(2).allSatisfy(why -> assertThat(why).contains("255"));
    }

    @Test
    void whatIsCutOffLeavesNoFolder() throws Exception {
        Files.writeString(program, "#".repeat(100_000));
        Parcel parcel = Parcel.of(CopyTree.of(List.of(program)), job.toString(), Optional.of("run"))
                .orElseThrow();
        // In the middle of the file, which follows the script.
        CopyAnswer.Machine near =
                way("head -c 50000 | /bin/sh -c \"$2\"").to(OneNode.NODE).orElseThrow();

        assertThatThrownBy(() -> parcel.bring(near, new Deadline(Duration.ofSeconds(30), System::nanoTime)))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("not all of it could be written");

        assertThat(job).doesNotExist();
    }

    @Test
    void whatIsCutOffIsMadeWhole() throws Exception {
        ShellWay way = way("head -c 1500 | /bin/sh -c \"$2\"");

        stage(way);

        assertThat(job.resolve("run")).isExecutable().hasSameTextualContentAs(program);
    }

    private ShellWay way(String script) throws Exception {
        Path shell = Files.writeString(folder.resolve("shell"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
        var address = Subnet.parse("127.9.0.1").orElseThrow().base();
        return new ShellWay(
                new OwnProcesses(System.getenv("PATH"), Duration.ofSeconds(2)),
                new RemoteShell(List.of(shell.toString())),
                List.of(new ReadyNode(OneNode.NODE, address, "pi", 1)),
                (where, failure) -> detours.add(failure.getMessage()));
    }

    private Copied stage(ShellWay way) throws Exception {
        return OneNode.only(new OneNode(node, folder)
                .staging(Optional.of(way))
                .stage(List.of(OneNode.NODE), CopyTree.of(List.of(program)), job.toString(), Optional.of("run")));
    }

    private void remove(ShellWay way) throws Exception {
        OneNode.only(new OneNode(node, folder).staging(Optional.of(way)).remove(List.of(OneNode.NODE), job.toString()));
    }
}
