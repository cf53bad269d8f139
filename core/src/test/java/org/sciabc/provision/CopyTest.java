// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.SciabcException;

class CopyTest {

    @TempDir
    Path folder;

    private LocalNode node;
    private Path here;

    @BeforeEach
    void prepare() throws Exception {
        node = LocalNode.in(folder.resolve("node"));
        here = Files.createDirectories(folder.resolve("here"));
    }

    @Nested
    class ToNodes {
        @Test
        void aFolderArrivesWithItsModesAndStrangeNames() throws Exception {
            Path data = Files.createDirectories(here.resolve("data/sub dir "));
            Files.writeString(data.resolve("it's \"é\" $HOME "), "one");
            Path program = Files.writeString(here.resolve("data/run"), "two");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-x---"));

            Copied copied = copy("data", here.resolve("data"));

            assertThat(copied).isEqualTo(new Copied(2, 6, 0));
            assertThat(node.home().resolve("data/sub dir /it's \"é\" $HOME ")).hasContent("one");
            assertThat(Files.getPosixFilePermissions(node.home().resolve("data/run")))
                    .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        }

        @Test
        void aSpaceAtTheBeginningBelongsToTheName() throws Exception {
            Path file = Files.writeString(here.resolve("  a"), "one");
            assertThat(copy("there/", file)).isEqualTo(new Copied(1, 3, 0));
            assertThat(node.home().resolve("there/  a")).hasContent("one");
            assertThat(copy("there/", file)).isEqualTo(new Copied(0, 0, 1));
        }

        @Test
        void aReadOnlyFolderGetsItsFilesFirst() throws Exception {
            Path closed = Files.createDirectories(here.resolve("data/closed/inner"));
            Files.writeString(closed.resolve("a"), "a");
            setMode(closed, "r-xr-xr-x");
            setMode(here.resolve("data/closed"), "r-xr-x---");

            assertThat(copy("data", here.resolve("data"))).isEqualTo(new Copied(1, 1, 0));

            assertThat(mode(node.home().resolve("data/closed"))).isEqualTo("r-xr-x---");
            assertThat(mode(node.home().resolve("data/closed/inner"))).isEqualTo("r-xr-xr-x");
            assertThat(node.home().resolve("data/closed/inner/a")).hasContent("a");
            assertThat(copy("data/", here.resolve("data/closed"))).isEqualTo(new Copied(0, 0, 1));
            assertThat(mode(node.home().resolve("data/closed/inner"))).isEqualTo("r-xr-xr-x");
        }

        @Test
        void onlyWhatDiffersIsSentAgain() throws Exception {
            Files.createDirectories(here.resolve("data"));
            Files.writeString(here.resolve("data/a"), "a");
            Files.writeString(here.resolve("data/b"), "b");
            copy("there", here.resolve("data"));
            Files.writeString(here.resolve("data/b"), "B");
            Files.setPosixFilePermissions(node.home().resolve("there/a"), PosixFilePermissions.fromString("rwxrwxrwx"));

            Copied again = copy("there/", here.resolve("data/a"), here.resolve("data/b"));

            assertThat(again).isEqualTo(new Copied(1, 1, 1));
            assertThat(node.home().resolve("there/b")).hasContent("B");
            assertThat(Files.getPosixFilePermissions(node.home().resolve("there/a")))
                    .isEqualTo(Files.getPosixFilePermissions(here.resolve("data/a")));
        }

        @Test
        void smallFilesGoTogether() throws Exception {
            manyFiles(300, 3);
            node.with("tar", "echo \"$*\" >>\"$HOME/../log/tar\"\nPATH=${PATH#*:} exec tar \"$@\"\n");

            assertThat(copy("data", here.resolve("data"))).isEqualTo(new Copied(300, 900, 0));

            assertThat(node.log("tar")).hasSize(1);
            assertThat(FolderSnapshot.of(node.home().resolve("data")))
                    .isEqualTo(FolderSnapshot.of(here.resolve("data")));
            assertThat(copy("data/", here.resolve("data"))).isEqualTo(new Copied(300, 900, 0));
            assertThat(copy("data/", here.resolve("data"))).isEqualTo(new Copied(0, 0, 300));
        }

        @Test
        void whatComesTogetherIsAsNewAsWhatComesAlone() throws Exception {
            Instant before = Instant.now().minusSeconds(60);
            manyFiles(2, 3);

            copy("data", here.resolve("data"));

            try (Stream<Path> files = Files.walk(node.home().resolve("data"))) {
                assertThat(files)
                        .hasSizeGreaterThan(2)
                        .allSatisfy(file -> assertThat(
                                        Files.getLastModifiedTime(file).toInstant())
                                .isAfter(before));
            }
        }

        @Test
        void longNamesArrive() throws Exception {
            Path deep = Files.createDirectories(
                    here.resolve("data").resolve("d".repeat(120)).resolve("\u00e9".repeat(90)));
            Files.writeString(deep.resolve("n".repeat(250)), "one");
            Files.writeString(deep.resolve("m".repeat(90)), "two");

            assertThat(copy("data", here.resolve("data"))).isEqualTo(new Copied(2, 6, 0));

            assertThat(FolderSnapshot.of(node.home().resolve("data")))
                    .isEqualTo(FolderSnapshot.of(here.resolve("data")));
        }

        @Test
        void wherePeopleCannotWriteBesideTheirFoldersFilesGoOneByOne() throws Exception {
            manyFiles(3, 3);
            node.with("mktemp", "case $* in *.sciabc-*) exit 1 ;; *) PATH=${PATH#*:} exec mktemp \"$@\" ;; esac\n");

            assertThat(copy("data", here.resolve("data"))).isEqualTo(new Copied(3, 9, 0));

            assertThat(FolderSnapshot.of(node.home().resolve("data")))
                    .isEqualTo(FolderSnapshot.of(here.resolve("data")));
        }

        @Test
        void cutOffItGoesOnNextTime() throws Exception {
            manyFiles(20, 1_000_000);
            node.with("tar", """
                    if [ -e "$HOME/../log/tar" ]; then head -c 100000 | PATH=${PATH#*:} tar "$@"; exit 1; fi
                    : >"$HOME/../log/tar"
                    PATH=${PATH#*:} exec tar "$@"
                    """);

            assertThatThrownBy(() -> copy("data", here.resolve("data")))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("not all of it could be written");
            assertThat(FolderSnapshot.of(node.home().resolve("data"))).noneMatch(line -> line.contains(".sciabc"));
            Files.delete(node.bin().resolve("tar"));

            assertThat(copy("data/..", here.resolve("data"))).isEqualTo(new Copied(3, 3_000_000, 17));
        }

        @Test
        void nothingStaysWhereTheManagerWasKilled() throws Exception {
            manyFiles(1, 1_000_000);
            Path archive = here.resolve("archive");
            new ProcessBuilder("tar", "-c", "-f", archive.toString(), "-C", here.toString(), "data")
                    .inheritIO()
                    .start()
                    .waitFor();
            Path target = Files.createDirectories(here.resolve("target"));

            Process receiver = new ProcessBuilder(
                            "sh",
                            "-c",
                            NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY) + "receive_files '" + target + "'\n")
                    .start();
            receiver.getInputStream().close();
            receiver.getErrorStream().close();
            try (OutputStream content = receiver.getOutputStream()) {
                content.write(Files.readAllBytes(archive), 0, 500_000);
            }

            assertThat(receiver.waitFor()).isNotZero();
            assertThat(target).isEmptyDirectory();
        }

        private void manyFiles(int count, int size) throws Exception {
            for (int number = 0; number < count; number++) {
                Path place = Files.createDirectories(here.resolve("data/part " + number % 7));
                Files.writeString(
                        place.resolve("f" + number),
                        Integer.toString(number % 10).repeat(size));
            }
        }

        @Test
        void oneFileMayGetAnotherNameAndGoesIntoAFolderThatIsThere() throws Exception {
            Files.writeString(here.resolve("a"), "a");
            Files.createDirectories(node.home().resolve("folder"));

            copy("~/b", here.resolve("a"));
            copy("folder", here.resolve("a"));

            assertThat(node.home().resolve("b")).hasContent("a");
            assertThat(node.home().resolve("folder/a")).hasContent("a");
        }

        @Test
        void aFolderThatIsInTheWayIsNotReplaced() throws Exception {
            Files.writeString(here.resolve("a"), "a");
            Files.createDirectories(node.home().resolve("folder/a"));

            assertThatThrownBy(() -> copy("folder", here.resolve("a")))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("there is a folder of this name");
        }

        @Test
        void twoFilesThatWouldBecomeOneAreRefused() throws Exception {
            Path one = Files.createDirectories(here.resolve("a")).resolve("out.csv");
            Path other = Files.createDirectories(here.resolve("b")).resolve("out.csv");
            Files.writeString(one, "1\n");
            Files.writeString(other, "2\n");

            assertThatThrownBy(() -> CopyTree.of(List.of(one, other)))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("would both become out.csv");
            assertThat(CopyTree.of(List.of(one, one)).files()).isEqualTo(2);
        }

        @Test
        void whatIsNotThereIsNamed() {
            assertThatThrownBy(() -> CopyTree.of(List.of(here.resolve("nothing"))))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("nothing")
                    .hasMessageContaining("no such file");
        }

        @Test
        void aLinkThatLeadsBackToItselfEnds() throws Exception {
            Files.createDirectories(here.resolve("loop"));
            Files.createSymbolicLink(here.resolve("loop/again"), here.resolve("loop"));

            assertThatThrownBy(() -> CopyTree.of(List.of(here.resolve("loop"))))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("leads back to itself");
        }
    }

    @Nested
    class FromNodes {
        @Test
        void patternsAndFoldersLandInTheNodesOwnFolder() throws Exception {
            Files.createDirectories(node.home().resolve("out/deep"));
            Files.writeString(node.home().resolve("out/a b.csv"), "1");
            Files.writeString(node.home().resolve("out/deep/c.csv"), "2");

            assertThat(fetch("out/*.csv")).isEqualTo(new Copied(1, 1, 0));
            assertThat(fetch("out")).isEqualTo(new Copied(2, 2, 0));
            assertThat(fetch("~/out/")).isEqualTo(new Copied(0, 0, 2));

            assertThat(here.resolve("node1/a b.csv")).hasContent("1");
            assertThat(here.resolve("node1/out/deep/c.csv")).hasContent("2");
        }

        @Test
        void whatIsNotThereIsNamed() {
            assertThatThrownBy(() -> fetch("no*thing"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("no*thing: there is no such file");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "find: '/home/x/bad': Input/output error",
                    "find: '/home/x/far': Stale file handle",
                    "find: '/home/x/no': Permission denied"
                })
        void whatCannotBeLookedIntoIsNotLeftOutInSilence(String complaint) throws Exception {
            findThatSays(complaint);
            assertThatThrownBy(() -> fetch("out"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining(complaint.substring("find: ".length()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "find: '/x/gone': No such file or directory",
                    "find: '/x/loop': Too many levels of symbolic links",
                    "find: File system loop detected; 'x' is part of the same file system loop as 'y'."
                })
        void loopsAndWhatWentMeanwhileAreNoFailure(String complaint) throws Exception {
            findThatSays(complaint);
            assertThat(fetch("out")).isEqualTo(new Copied(1, 1, 0));
        }

        private void findThatSays(String complaint) throws Exception {
            Files.createDirectories(node.home().resolve("out"));
            Files.writeString(node.home().resolve("out/a"), "1");
            node.with("find", "PATH=${PATH#*:} find \"$@\"\ncat >&2 <<'END'\n" + complaint + "\nEND\nexit 1\n");
        }

        @Test
        void allComeInOneStreamEmptyOnesToo() throws Exception {
            Files.createDirectories(node.home().resolve("out"));
            for (int number = 0; number < 50; number++) {
                Files.writeString(node.home().resolve("out/f" + number), "x".repeat(number % 5 * 9_000));
            }
            node.with("cat", "echo \"$#\" >>\"$HOME/../log/cat\"\nPATH=${PATH#*:} exec cat \"$@\"\n");

            assertThat(fetch("out")).isEqualTo(new Copied(50, 900_000, 0));

            assertThat(node.log("cat")).containsExactly("51");
            assertThat(FolderSnapshot.of(here.resolve("node1/out")))
                    .isEqualTo(FolderSnapshot.of(node.home().resolve("out")));
        }

        @Test
        void whatChangesMeanwhileIsNotTaken() throws Exception {
            Files.createDirectories(node.home().resolve("out"));
            Files.writeString(node.home().resolve("out/a"), "first");
            Files.writeString(node.home().resolve("out/b"), "second");
            node.with("cat", "printf worst >\"$HOME/out/b\"\nPATH=${PATH#*:} exec cat \"$@\"\n");

            assertThatThrownBy(() -> fetch("out"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("cannot copy b: it changed while it was copied");
            try (var files = Files.list(here.resolve("node1/out"))) {
                assertThat(files).allMatch(file -> file.endsWith("a"));
            }
        }

        @Test
        void foldersKeepTheirModesAndEmptyOnesComeToo() throws Exception {
            Path closed = Files.createDirectories(node.home().resolve("out/closed"));
            Path empty = Files.createDirectories(node.home().resolve("out/empty"));
            Files.writeString(closed.resolve("a"), "a");
            setMode(closed, "r-xr-x---");
            setMode(empty, "rwx------");

            assertThat(fetch("out")).isEqualTo(new Copied(1, 1, 0));
            assertThat(fetch("out")).isEqualTo(new Copied(0, 0, 1));

            assertThat(here.resolve("node1/out/closed/a")).hasContent("a");
            assertThat(mode(here.resolve("node1/out/closed"))).isEqualTo("r-xr-x---");
            assertThat(mode(here.resolve("node1/out/empty"))).isEqualTo("rwx------");
        }

        @Test
        void aNodeCannotWriteOutsideOfItsFolder() throws Exception {
            Files.writeString(folder.resolve("evil"), "evil");
            Files.writeString(node.home().resolve("real"), "");
            node.with("find", "case $* in *-name*) ;; *) printf '%s\\0' \"$HOME/../../evil\" ;; esac\n");

            assertThatThrownBy(() -> fetch("real"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("../../evil: that is not the name of a file");
        }
    }

    private static void setMode(Path path, String mode) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Copied copy(String destination, Path... sources) throws Exception {
        return new OneNode(node, folder).copy(destination, sources);
    }

    private Copied fetch(String... sources) throws Exception {
        return new OneNode(node, folder).fetch(here, sources);
    }
}
