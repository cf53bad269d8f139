// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.SciabcException;

/** The folder of a job on a node that is a folder of this machine. */
class StagingTest {

    @TempDir
    private Path folder;

    private LocalNode node;
    private Path here;
    private Path job;

    @BeforeEach
    void prepare() throws Exception {
        // The account is whoever runs the tests.
        node = LocalNode.in(folder.resolve("node")).with("FAKE_UID=" + Files.getAttribute(folder, "unix:uid"));
        here = Files.createDirectories(folder.resolve("here"));
        job = folder.resolve("sciabc-job-1");
    }

    @Nested
    class Bringing {
        @Test
        void theFolderIsTheAccountsOwnAndHasAllThatIsInTheTree() throws Exception {
            otherContentsUnderTheManagersPaths();
            Files.createDirectories(here.resolve("data/deep"));
            Files.writeString(here.resolve("data/deep/in"), "input");
            program("run");

            assertThat(stage(CopyTree.of(List.of(here.resolve("data"), here.resolve("run"))), "run"))
                    .isEqualTo(new Copied(2, 5 + 10, 0));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(job)))
                    .isEqualTo("rwx------");
            assertThat(job.resolve("data/deep/in")).hasContent("input");
            assertThat(job.resolve("run")).isExecutable();
        }

        @Test
        void whatTheNodeHasUnderTheManagersOwnPathIsNotSent() throws Exception {
            String large = "the same".repeat(1 << 18);
            Files.writeString(here.resolve("a"), large);

            // The node sees the file of this machine, which is one with it.
            assertThat(stage(CopyTree.of(List.of(here.resolve("a"))), "")).isEqualTo(new Copied(0, 0, 1));

            assertThat(job.resolve("a")).hasContent(large);
        }

        @Test
        void whatTheNodeHasUnderThatPathWithOtherContentsIsSent() throws Exception {
            otherContentsUnderTheManagersPaths();
            Files.writeString(here.resolve("a"), "mine");

            assertThat(stage(CopyTree.of(List.of(here.resolve("a"))), "")).isEqualTo(new Copied(1, 4, 0));

            assertThat(job.resolve("a")).hasContent("mine");
        }

        @Test
        void aSecondTimeOnlyWhatDiffersIsSent() throws Exception {
            otherContentsUnderTheManagersPaths();
            Files.createDirectories(here.resolve("data"));
            Files.writeString(here.resolve("data/a"), "a");
            Files.writeString(here.resolve("data/b"), "b");
            stage(CopyTree.of(List.of(here.resolve("data"))), "");
            Files.writeString(job.resolve("data/b"), "spoilt by the job");

            assertThat(stage(CopyTree.of(List.of(here.resolve("data"))), "")).isEqualTo(new Copied(1, 1, 1));

            assertThat(job.resolve("data/b")).hasContent("b");
        }

        @Test
        void aLinkThatSomebodyPutThereIsNotFollowed() throws Exception {
            Files.createSymbolicLink(job, Files.createDirectories(folder.resolve("elsewhere")));
            program("run");

            assertThatThrownBy(() -> stage(CopyTree.of(List.of(here.resolve("run"))), "run"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("the folder of the job cannot be made");
            assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
        }

        @Test
        void aProgramThatMayNotRunThereIsNamed() throws Exception {
            Files.writeString(here.resolve("run"), "no program");

            assertThatThrownBy(() -> stage(CopyTree.of(List.of(here.resolve("run"))), "run"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("programs in that folder cannot be run (is it mounted noexec?)");
        }
    }

    @Nested
    class InOneCommand {
        @Test
        void aSmallTreeIsMadeFilledComparedAndLookedAt() throws Exception {
            Files.createDirectories(here.resolve("data/none"));
            Files.setPosixFilePermissions(here.resolve("data"), PosixFilePermissions.fromString("rwx--x---"));
            for (String name : List.of("-n", " two words ", "it's", "back\\slash", "$(touch x)", "*")) {
                Files.writeString(here.resolve("data").resolve(name), name);
            }
            Files.writeString(here.resolve("data/.hidden"), "");
            program("run");

            assertThat(stage(CopyTree.of(List.of(here.resolve("data"), here.resolve("run"))), "run")
                            .files())
                    .isEqualTo(8);

            assertThat(node.scripts).hasSize(1);
            assertThat(new ProcessBuilder("diff", "-r", here.toString(), job.toString())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(modeOf(job)).isEqualTo("rwx------");
            assertThat(modeOf(job.resolve("data"))).isEqualTo("rwx--x---");
            assertThat(modeOf(job.resolve("data/none"))).isEqualTo("rwxr-xr-x");
            assertThat(job.resolve("run")).isExecutable();
        }

        @Test
        void whatBecameAnotherFileOnTheWayIsNamed() throws Exception {
            program("run");
            node.with("sha256sum", "echo '0000  run'\n");

            assertThatThrownBy(() -> stage(CopyTree.of(List.of(here.resolve("run"))), "run"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("run: it changed while it was copied");
        }

        @Test
        void whatChangesWhileItIsSentIsNotRun() throws Exception {
            program("run");
            CopyTree tree = CopyTree.of(List.of(here.resolve("run")));
            Files.writeString(here.resolve("run"), "#!/bin/sh\ntrue\n");

            assertThatThrownBy(() -> stage(tree, "run"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("cannot copy");
            assertThat(node.scripts).hasSize(1);
        }

        @Test
        void aFolderThatIsThereAlreadyIsComparedFirst() throws Exception {
            otherContentsUnderTheManagersPaths();
            Files.createDirectory(job);
            program("run");

            assertThat(stage(CopyTree.of(List.of(here.resolve("run"))), "run")).isEqualTo(new Copied(1, 10, 0));

            assertThat(node.scripts).hasSizeGreaterThan(2);
            assertThat(job.resolve("run")).isExecutable();
        }

        @Test
        void aFullDiskIsNoWholeProgram() throws Exception {
            program("run");
            node.with("tar", "cat >/dev/null; exit 2\n");

            assertThatThrownBy(() -> stage(CopyTree.of(List.of(here.resolve("run"))), "run"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("not all of it could be written");
        }

        private String modeOf(Path path) throws Exception {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        }
    }

    @Test
    void theFolderGoesWithAllThatIsInItAndOneThatIsGoneIsNoFailure() throws Exception {
        program("run");
        stage(CopyTree.of(List.of(here.resolve("run"))), "run");
        Files.writeString(job.resolve("written by the job"), "");

        remove();
        remove();

        assertThat(job).doesNotExist();
    }

    @Nested
    class Fetched {
        @Test
        void namesAreOfTheCallersChoice() throws Exception {
            write("a/out", "1");
            write("b/out", "2");

            assertThat(fetch(
                            (path, name) ->
                                    Optional.of(path.substring(job.toString().length() + 1)),
                            "*/out"))
                    .isEqualTo(new Copied(2, 2, 0));

            assertThat(here.resolve("node1/a/out")).hasContent("1");
            assertThat(here.resolve("node1/b/out")).hasContent("2");
        }

        @Test
        void whatIsNotWantedStays() throws Exception {
            write("out.1", "1");
            write("out.x", "x");

            assertThat(fetch((path, name) -> Optional.of(name).filter("out.1"::equals), "out.*"))
                    .isEqualTo(new Copied(1, 1, 0));

            assertThat(here.resolve("node1/out.x")).doesNotExist();
        }

        @Test
        void filesOfOneNameDoNotTakeEachOthersPlace() throws Exception {
            write("run1/out", "1");
            write("run2/out", "2");

            assertThatThrownBy(() -> fetch((path, name) -> Optional.of(name), "run*/out"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("run1/out and ")
                    .hasMessageContaining("run2/out would both become out");
            assertThat(here.resolve("node1/out")).doesNotExist();
        }

        @Test
        void aNodeThatHasNothingIsNoFailure() throws Exception {
            Files.createDirectories(job);

            assertThat(fetch((path, name) -> Optional.of(name), "*.csv")).isEqualTo(new Copied(0, 0, 0));
        }

        @Test
        void noChoiceLeadsOutOfTheFolderOfTheNode() throws Exception {
            write("out", "1");

            assertThatThrownBy(() -> fetch((path, name) -> Optional.of("../" + name), "out"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("../out: that is not the name of a file");
        }

        private void write(String name, String content) throws Exception {
            Path file = job.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }

        private Copied fetch(Fetching.Placing placing, String pattern) throws Exception {
            return OneNode.only(new OneNode(node, folder)
                    .fetching()
                    .fetchWhatIsThere(List.of(OneNode.NODE), List.of(job + "/" + pattern), here, placing));
        }
    }

    private void program(String name) throws Exception {
        Path program = Files.writeString(here.resolve(name), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The node is a folder of the same machine: it sees the manager's files, and is made to see others in their place. */
    private void otherContentsUnderTheManagersPaths() throws Exception {
        node.with(
                "sha256sum",
                "case $(readlink /proc/self/fd/0) in " + here
                        + "/*) echo other ;; *) PATH=${PATH#*:} exec sha256sum \"$@\" ;; esac\n");
    }

    private Copied stage(CopyTree tree, String program) throws Exception {
        return OneNode.only(new OneNode(node, folder)
                .staging()
                .stage(
                        List.of(OneNode.NODE),
                        tree,
                        job.toString(),
                        Optional.of(program).filter(name -> !name.isEmpty())));
    }

    private void remove() throws Exception {
        OneNode.only(new OneNode(node, folder).staging().remove(List.of(OneNode.NODE), job.toString()));
    }
}
