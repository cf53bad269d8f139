// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.SciabcException;

/** Large files that were cut off. */
class CopyResumptionTest {
    private static final int SIZE = 9_000_000;
    private static final int CUT = 3_000_000;

    /** No system counts so far. */
    private static final String NO_PROCESS = "4194399";

    @TempDir
    Path folder;

    private LocalNode node;
    private Path here;
    private byte[] content;

    @BeforeEach
    void prepare() throws Exception {
        node = LocalNode.in(folder.resolve("node"));
        here = Files.createDirectories(folder.resolve("here"));
        content = new byte[SIZE];
        new Random(5).nextBytes(content);
    }

    @Nested
    class ToNodes {
        private Path source;

        @BeforeEach
        void cutOff() throws Exception {
            source = Files.write(here.resolve("it's large"), content);
            node.with("cat", "exec head -c " + CUT + "\n");
            assertThatThrownBy(() -> copy("data/", source))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("not all of it arrived");
            // Keeps what comes, too.
            node.with("cat", "c=$HOME/../log/came; PATH=${PATH#*:}; head -c 99999999 >\"$c\" && exec cat \"$c\"\n");
        }

        @Test
        void onlyThePartStaysUnderANameOfItsOwn() throws Exception {
            assertThat(names(data())).singleElement().asString().startsWith(".sciabc-part-");
            assertThat(part()).hasBinaryContent(Arrays.copyOf(content, CUT));
        }

        @Test
        void theRestAloneIsSent() throws Exception {
            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, CUT));

            assertThat(came()).isEqualTo(SIZE - CUT);
            assertThat(names(data())).containsExactly("it's large");
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void itMayBeCutOffTwice() throws Exception {
            node.with("cat", "exec head -c 1000000\n");
            assertThatThrownBy(() -> copy("data/", source)).hasMessageContaining("not all of it arrived");
            Files.delete(node.bin().resolve("cat"));

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, CUT + 1_000_000));
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aPartWithAllOfItIsPutInItsPlace() throws Exception {
            Files.write(part(), content);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, SIZE));
            assertThat(names(data())).containsExactly("it's large");
        }

        @Test
        void aSourceThatChangedGoesWhole() throws Exception {
            content[7]++;
            Files.write(source, content);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, 0));

            assertThat(came()).isEqualTo(SIZE);
            assertThat(names(data())).containsExactly("it's large");
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aSourceThatChangedFurtherOnStillHasThatBeginning() throws Exception {
            content = Arrays.copyOf(content, SIZE + 1_000);
            content[CUT + 1]++;
            Files.write(source, content);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE + 1_000, 0, CUT));
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aSourceThatIsShorterNowGoesWhole() throws Exception {
            Files.write(part(), content);
            content = Arrays.copyOf(content, SIZE - 1_000);
            Files.write(source, content);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE - 1_000, 0, 0));
            assertThat(names(data())).containsExactly("it's large");
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void bytesOfSomebodyElseAreNotTaken() throws Exception {
            byte[] others = Arrays.copyOf(content, CUT);
            others[CUT - 1]++;
            Files.write(part(), others);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, 0));
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aLinkInThePartsPlaceIsNotFollowed() throws Exception {
            Path victim = Files.move(part(), folder.resolve("victim"));
            Path link = data().resolve(".sciabc-part-" + key() + "." + NO_PROCESS + "." + machine());
            Files.createSymbolicLink(link, victim);

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, 0));

            assertThat(victim).hasBinaryContent(Arrays.copyOf(content, CUT));
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void whatAnotherOneStillWritesToIsCopiedAndNotTaken() throws Exception {
            String name =
                    ".sciabc-part-" + key() + "." + ProcessHandle.current().pid() + "." + machine();
            Path others = Files.move(part(), data().resolve(name));

            assertThat(copy("data/", source)).isEqualTo(new Copied(1, SIZE, 0, CUT));

            assertThat(others).hasBinaryContent(Arrays.copyOf(content, CUT));
            assertThat(data().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aConnectionThatHangsKeepsNothing() throws Exception {
            String name =
                    ".sciabc-part-" + key() + "." + ProcessHandle.current().pid() + "." + machine();
            Path others = Files.move(part(), data().resolve(name));
            Files.setLastModifiedTime(others, FileTime.from(Instant.now().minusSeconds(150)));

            copy("data/", source);

            assertThat(names(data())).containsExactly("it's large");
        }

        @Test
        void aFileThatIsThereAfterAllLeavesNoPart() throws Exception {
            Files.write(data().resolve("it's large"), content);

            assertThat(copy("data/", source)).isEqualTo(new Copied(0, 0, 1));
            assertThat(names(data())).containsExactly("it's large");
        }

        @Test
        void whatNobodyTakesUpForAWeekGoesWithTheNextLargeFile() throws Exception {
            Path other = Files.write(here.resolve("other"), content);
            Files.setLastModifiedTime(part(), FileTime.from(Instant.now().minus(Duration.ofDays(9))));

            copy("data/", other);

            assertThat(names(data())).containsExactly("other");
        }

        @Test
        void aFullDiskKeepsNothing() throws Exception {
            node.with("cat", "head -c 1000000; echo 'cat: write error: No space left on device' >&2; exit 1\n");

            assertThatThrownBy(() -> copy("data/", source))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("it's large: No space left on device");
            assertThat(names(data())).isEmpty();
        }

        @Test
        void partsAreNeitherCopiedNorFetched() throws Exception {
            Files.write(here.resolve(".sciabc-part-1.1.x"), content);
            Files.writeString(here.resolve("small"), "small");

            assertThat(fetch("data")).isEqualTo(new Copied(0, 0, 0));
            copy("copied", here);
            assertThat(names(node.home().resolve("copied"))).containsExactlyInAnyOrder("it's large", "small", "node1");
        }

        @Test
        void noFurtherCommandIsNeeded() throws Exception {
            Path other = Files.write(here.resolve("other"), content);
            int before = node.scripts.size();
            copy("elsewhere/", other);
            int without = node.scripts.size();
            copy("data/", source);

            assertThat(without - before).isEqualTo(3);
            assertThat(node.scripts.size() - without).isEqualTo(3);
        }

        private Path data() {
            return node.home().resolve("data");
        }

        private Path part() throws Exception {
            return data().resolve(names(data()).get(0));
        }

        private String key() throws Exception {
            return node.output("printf %s \"it's large\" | cksum").split(" ", -1)[0];
        }

        private long came() throws Exception {
            return Files.size(node.home().resolve("../log/came"));
        }
    }

    @Nested
    class InEveryShell {
        static Stream<String> shells() {
            return LocalNode.shells();
        }

        @ParameterizedTest
        @MethodSource("shells")
        void theNodeGoesOnWithAPartOfItsOwn(String shell) throws Exception {
            Path place = Files.createDirectories(here.resolve("a [b] $c"));
            Path target = place.resolve("it's");
            String sum = CopyTree.sum(Files.write(here.resolve("whole"), content));
            String receive = "receive_large " + ShellText.quote(target.toString()) + " 640 " + SIZE + " " + sum;

            assertThat(run(shell, receive + " 0 ''", Arrays.copyOf(content, CUT)))
                    .isEmpty();
            String told = run(shell, "tell_part 3 " + ShellText.quote(target.toString()), new byte[0]);
            LargeFile.Part part = LargeFile.Part.parse(told.strip().substring("@sciabc part ".length()));
            String rest = run(
                    shell,
                    receive + " " + part.size() + " '" + part.name() + "'",
                    Arrays.copyOfRange(content, CUT, SIZE));

            assertThat(part.number()).isEqualTo(3);
            assertThat(part.size()).isEqualTo(CUT);
            assertThat(rest).isEqualTo("@sciabc end\n");
            assertThat(target).hasBinaryContent(content);
            assertThat(names(place)).containsExactly("it's");
            assertThat(node.output("stat -c %a " + ShellText.quote(target.toString())))
                    .isEqualTo("640\n");
        }

        private String run(String shell, String command, byte[] input) throws Exception {
            String script = NodeScripts.of(NodeScripts.BASE, NodeScripts.COPY, NodeScripts.PARTS) + command + "\n";
            List<String> words = Stream.concat(Stream.of(shell.split(" ", -1)), Stream.of("-c", script))
                    .toList();
            Process process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        }
    }

    @Nested
    class FromNodes {
        private Path source;

        @BeforeEach
        void cutOff() throws Exception {
            source = Files.write(node.home().resolve("it's large"), content);
            Files.writeString(node.home().resolve("small"), "small");
            Path broken = node.home().resolve("../log/broken");
            node.with("cat", ": >\"$HOME/../log/broken\"; PATH=${PATH#*:} exec head -qc " + CUT + " -- \"$2\"\n");
            node.breakingWhen(broken);
            assertThatThrownBy(() -> fetch("it*large"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("the connection broke");
            Files.delete(broken);
            Files.delete(node.bin().resolve("cat"));
        }

        @Test
        void onlyThePartStaysUnderANameOfItsOwn() throws Exception {
            assertThat(names(fetched())).singleElement().asString().startsWith(".sciabc-part-");
            assertThat(part()).hasBinaryContent(Arrays.copyOf(content, CUT));
        }

        @Test
        void theRestAloneComes() throws Exception {
            node.with("tail", "PATH=${PATH#*:} tail \"$@\" >\"$HOME/../log/sent\"; exec cat \"$HOME/../log/sent\"\n");

            assertThat(fetch("it*large", "small")).isEqualTo(new Copied(2, SIZE + 5, 0, CUT));

            assertThat(node.home().resolve("../log/sent")).hasSize(SIZE - CUT);
            assertThat(names(fetched())).containsExactlyInAnyOrder("it's large", "small");
            assertThat(fetched().resolve("it's large")).hasBinaryContent(content);
            assertThat(Files.getPosixFilePermissions(fetched().resolve("it's large")))
                    .isEqualTo(Files.getPosixFilePermissions(source));
        }

        @Test
        void whatAKilledProcessHasFetchedIsGoneOnWith() throws Exception {
            rename(NO_PROCESS);

            assertThat(fetch("it*large")).isEqualTo(new Copied(1, SIZE, 0, CUT));
            assertThat(names(fetched())).containsExactly("it's large");
        }

        @Test
        void whatAnotherProcessIsFetchingIsLeftAlone() throws Exception {
            Path others = rename(
                    Long.toString(ProcessHandle.current().parent().orElseThrow().pid()));

            assertThat(fetch("it*large")).isEqualTo(new Copied(1, SIZE, 0, 0));

            assertThat(others).hasBinaryContent(Arrays.copyOf(content, CUT));
            assertThat(fetched().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aPartWithAllOfItIsPutInItsPlace() throws Exception {
            Files.write(part(), content);

            assertThat(fetch("it*large")).isEqualTo(new Copied(1, SIZE, 0, SIZE));
            assertThat(names(fetched())).containsExactly("it's large");
        }

        @Test
        void aSourceThatChangedComesWhole() throws Exception {
            content[7]++;
            Files.write(source, content);

            assertThat(fetch("it*large")).isEqualTo(new Copied(1, SIZE, 0, 0));
            assertThat(names(fetched())).containsExactly("it's large");
            assertThat(fetched().resolve("it's large")).hasBinaryContent(content);
        }

        @Test
        void aSourceThatChangesWhileItComesIsNotTaken() throws Exception {
            node.with("tail", "PATH=${PATH#*:} tail \"$@\" | tr a b\n");

            assertThatThrownBy(() -> fetch("it*large"))
                    .isInstanceOf(SciabcException.class)
                    .hasMessageContaining("it changed while it was copied");
            assertThat(names(fetched())).isEmpty();
        }

        @Test
        void aFileThatIsThereAfterAllLeavesNoPart() throws Exception {
            Files.write(fetched().resolve("it's large"), content);

            assertThat(fetch("it*large")).isEqualTo(new Copied(0, 0, 1));
            assertThat(names(fetched())).containsExactly("it's large");
        }

        @Test
        void whatNobodyTakesUpForAWeekGoesWithTheNextLargeFile() throws Exception {
            Files.write(node.home().resolve("other"), content);
            Files.setLastModifiedTime(part(), FileTime.from(Instant.now().minus(Duration.ofDays(8))));

            fetch("other");

            assertThat(names(fetched())).containsExactly("other");
        }

        @Test
        void onlyWhereThereIsAPartTheNodeIsAskedOnceMore() throws Exception {
            Files.write(node.home().resolve("other"), content);
            int before = node.scripts.size();
            fetch("other");
            int without = node.scripts.size();
            fetch("it*large");

            assertThat(without - before).isEqualTo(2);
            assertThat(node.scripts.size() - without).isEqualTo(3);
        }

        private Path rename(String process) throws Exception {
            Path part = part();
            return Files.move(
                    part, part.resolveSibling(part.getFileName().toString().replace(".0.", "." + process + ".")));
        }

        private Path fetched() {
            return here.resolve("node1");
        }

        private Path part() throws Exception {
            return fetched().resolve(names(fetched()).get(0));
        }
    }

    private String machine() throws Exception {
        return node.output("uname -n").strip();
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Copied copy(String destination, Path... sources) throws Exception {
        return new OneNode(node, folder).copy(destination, sources);
    }

    private Copied fetch(String... sources) throws Exception {
        return new OneNode(node, folder).fetch(here, sources);
    }
}
