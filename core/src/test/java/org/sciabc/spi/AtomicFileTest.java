// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void contentIsReplacedAndNothingElseIsLeftInTheFolder() throws Exception {
        Path file = folder.resolve("nodes.txt");
        AtomicFile.at(file).write("one\n");
        AtomicFile.at(file).write("two\n");
        assertThat(file).hasContent("two\n");
        assertThat(entries()).containsExactly("nodes.txt");
    }

    @Test
    void theModeOfTheReplacedFileIsKept() throws Exception {
        Path file = Files.writeString(folder.resolve("nodes.txt"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        AtomicFile.at(file).write("new");
        assertThat(mode(file)).isEqualTo("rw-rw-r--");
    }

    @Test
    void aNewFileHasTheModeThatTheUmaskLeaves() throws Exception {
        Path usual = Files.createFile(folder.resolve("usual"));
        AtomicFile.at(folder.resolve("nodes.txt")).write("new");
        assertThat(mode(folder.resolve("nodes.txt"))).isEqualTo(mode(usual));
    }

    @Test
    void anOwnersFileIsForItsOwnerAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("roster"), "old");
        AtomicFile.ownerOnlyAt(file).write("secret");
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void ofALinkTheTargetIsReplaced() throws Exception {
        Path target =
                Files.writeString(Files.createDirectory(folder.resolve("real")).resolve("nodes.txt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("nodes.txt"), Path.of("real", "nodes.txt"));
        AtomicFile.at(link).write("new");
        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(target).isRegularFile().hasContent("new");
    }

    @Test
    void aLinkToNothingYetIsFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("nodes.txt"), folder.resolve("later.txt"));
        AtomicFile.at(link).write("new");
        assertThat(link).isSymbolicLink();
        assertThat(folder.resolve("later.txt")).hasContent("new");
    }

    @Test
    void linksInACircleAreRefused() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("a"), folder.resolve("b"));
        Files.createSymbolicLink(folder.resolve("b"), link);
        assertThatThrownBy(() -> AtomicFile.at(link).write("new"))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("its symbolic links lead nowhere");
    }

    @Test
    void aDeviceIsWrittenToAndNotReplaced() throws Exception {
        AtomicFile.at(Path.of("/dev/null")).write("gone");
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void aFolderIsRefused() {
        assertThatThrownBy(() -> AtomicFile.at(folder).write("x"))
                .isInstanceOf(SciabcException.class)
                .hasMessage("cannot write " + folder + ": it is a folder");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> AtomicFile.at(folder.resolve("no/nodes.txt")).write("x"))
                .isInstanceOf(SciabcException.class)
                .hasMessage("cannot write " + folder.resolve("no/nodes.txt") + ": there is no folder "
                        + folder.resolve("no"));
    }

    @Test
    void anUnwritableFolderIsNamedAndTheFileStays() throws Exception {
        Path file = Files.writeString(folder.resolve("nodes.txt"), "old");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(folder), "root may write everywhere");
            assertThatThrownBy(() -> AtomicFile.at(file).write("x"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("cannot write " + file + ": the folder " + folder + " cannot be written to");
            assertThat(file).hasContent("old");
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aReadOnlyFileSystemIsRefusedEvenForRoot() {
        Path file = Path.of("/proc/nodes.txt");
        assertThatThrownBy(() -> AtomicFile.at(file).write("x"))
                .isInstanceOf(SciabcException.class)
                .hasMessageStartingWith("cannot write /proc/nodes.txt: ")
                .message()
                .doesNotContain("Exception");
    }

    @Test
    void anInterruptedThreadKeepsWhatWasDone() throws Exception {
        Path file = folder.resolve("nodes.txt");
        Thread.currentThread().interrupt();
        try {
            AtomicFile.at(file).write("one");
            AtomicFile.at(file).update(present -> present.orElseThrow() + " two");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(file).hasContent("one two");
    }

    @Test
    void anAbsentFileIsReadAsNothing() throws Exception {
        assertThat(AtomicFile.at(folder.resolve("none")).read()).isEmpty();
    }

    @Test
    void aRefusedChangeLeavesTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("roster"), "old");
        AtomicFile.Change refusal = present -> {
            throw new SciabcException("no", "", "");
        };
        assertThatThrownBy(() -> AtomicFile.at(file).update(refusal)).hasMessage("no");
        assertThat(file).hasContent("old");
    }

    @Test
    void aLockThatIsNeverGivenBackIsAnError() throws Exception {
        Process holder = process("hold");
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(() ->
                            AtomicFile.at(folder.resolve("count")).update(present -> "never", Duration.ofMillis(50)))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageEndingWith("another process has kept it locked for 50ms");
            assertThat(folder.resolve("count")).doesNotExist();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void processesAndThreadsDoNotLoseEachOthersWrites() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(process("count"));
        }
        List<Thread> threads =
                Stream.generate(() -> new Thread(() -> count(folder))).limit(3).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(folder.resolve("count")).hasContent(Integer.toString(6 * OtherProcess.ROUNDS));
    }

    private static void count(Path folder) {
        try {
            OtherProcess.count(folder);
        } catch (SciabcException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Process process(String verb) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        verb,
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** What another sciabc does to the same file. */
    static final class OtherProcess {
        static final int ROUNDS = 50;

        private OtherProcess() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[1]);
            if (arguments[0].equals("hold")) {
                try (FileChannel channel = FileChannel.open(
                        folder.resolve(".count.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    channel.lock();
                    System.out.println("held");
                    System.in.read();
                }
                return;
            }
            count(folder);
        }

        static void count(Path folder) throws SciabcException, InterruptedException {
            AtomicFile file = AtomicFile.at(folder.resolve("count"));
            for (int i = 0; i < ROUNDS; i++) {
                file.update(present -> Integer.toString(
                        Optional.of(present.orElse("0")).map(Integer::parseInt).orElseThrow() + 1));
            }
        }
    }
}
