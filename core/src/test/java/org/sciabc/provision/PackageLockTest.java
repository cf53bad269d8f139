// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.Requirement.PackageManager;

/** Who keeps others from installing is shown before anything waits for it. */
final class PackageLockTest {
    private static final long OWN = ProcessHandle.current().pid();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = "BREW", mode = EnumSource.Mode.EXCLUDE)
    void whoHoldsTheLockIsSaidBeforeAnythingIsInstalled(PackageManager manager) {
        PackageCommands commands = new PackageCommands(Duration.ofMinutes(5));
        assertThat(commands.install(manager, List.of("openmpi"), false)).contains("wait_for_package_lock 300");
        assertThat(commands.installSent(manager, List.of("openmpi"), false)).contains("wait_for_package_lock 300");
    }

    @ParameterizedTest
    @EnumSource(names = {"DNF", "APK", "APT"})
    void aLockOfTheKernelsNamesItsHolder(PackageManager manager) throws Exception {
        Path lock = folder.resolve("the-lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            assertThat(waiting(manager, lock)).contains("held by java (process " + OWN + ")");
        }
        assertThat(waiting(manager, lock)).isEmpty();
    }

    @Test
    void zypperIsKnownByTheNumberThatItWritesDown() throws Exception {
        Path lock = Files.writeString(folder.resolve("zypp.pid"), OWN + "\n");
        assertThat(waiting(PackageManager.ZYPPER, lock)).contains("held by java (process " + OWN + ")");
        Files.writeString(lock, "");
        assertThat(waiting(PackageManager.ZYPPER, lock)).isEmpty();
    }

    @Test
    void pacmanIsKnownByTheFileThatItKeepsOpen() throws Exception {
        Path lock = folder.resolve("db.lck");
        try (FileChannel opened = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThat(opened.isOpen()).isTrue();
            assertThat(waiting(PackageManager.PACMAN, lock)).contains("held by java (process " + OWN + ")");
        }
        assertThat(waiting(PackageManager.PACMAN, lock))
                .containsPattern("held by (nobody any more: remove|somebody: there is) " + lock)
                .doesNotContain("process");
        Files.delete(lock);
        assertThat(waiting(PackageManager.PACMAN, lock)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void whatSomebodyElseInstalledWhileWeWaitedIsNotOurs(String shell) throws Exception {
        Path lock = Files.writeString(folder.resolve("db.lck"), "");
        Path installed = Files.writeString(folder.resolve("installed"), "bash 5.2\n");
        LocalNode local = LocalNode.in(folder.resolve("node"), shell)
                .with("sleep", "echo 'gimp 2.10' >>" + installed + "\nrm -f -- " + lock + "\n");

        String said = local.output(
                beginning(lock, installed) + "echo 'openmpi 5.0' >>" + installed + "\njournal_done\nnoted added\n");

        assertThat(said).startsWith("waiting for the package lock, held by ").endsWith("\nopenmpi\n");
    }

    @Test
    void whileSomebodyElseInstallsNothingIsBegun() throws Exception {
        Path lock = Files.writeString(folder.resolve("db.lck"), "");
        Path installed = Files.writeString(folder.resolve("installed"), "bash 5.2\n");

        String said = LocalNode.in(folder.resolve("node")).output(beginning(lock, installed) + "echo begun\n");

        assertThat(said).containsPattern("\nthe package lock is still held by .*" + lock + "\n$");
        assertThat(folder.resolve("journal/0001")).doesNotExist();
    }

    /** A step as far as the journal's entry, in which what is installed is a file. */
    private String beginning(Path lock, Path installed) {
        return NodeScripts.of(NodeScripts.BASE, NodeScripts.STATE, NodeScripts.PACKAGES, NodeScripts.JOURNAL)
                + "\npackage_lock_files() { say " + ShellText.quote(lock.toString())
                + "; }\ninstalled_packages() { cat "
                + installed + "; }\nset -e\nmanager=PACMAN\nlock_patience=2\njournal=" + folder
                + "/journal\nmkdir -p -- \"$journal\"\njournal_begin packages 'install openmpi' openmpi\n";
    }

    private String waiting(PackageManager manager, Path lock) throws Exception {
        return LocalNode.in(folder.resolve("node"))
                .output(NodeScripts.of(NodeScripts.BASE, NodeScripts.PACKAGES)
                        + "\npackage_lock_files() { say " + ShellText.quote(lock.toString()) + "; }\nmanager=" + manager
                        + "\nwait_for_package_lock 1\n");
    }
}
