// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement;

final class JournalCopiesTest {
    @TempDir
    Path folder;

    private LocalNode local;
    private Rehearsal rehearsal;
    private List<String> before;
    private Path systemCopy;

    @BeforeEach
    void makeANodeReady() throws Exception {
        local = LocalNode.in(folder);
        Path conf = Files.createDirectories(local.etc()).resolve("node.conf");
        Files.writeString(conf, "as it was\n");
        before = local.snapshot();
        rehearsal = new Rehearsal(
                local, Samples.KEY, new Requirement.FileContent(conf.toString(), "ours\n", 0644, "it is needed"));
        assertThat(rehearsal.provision().why()).isEmpty();
        systemCopy = local.manager().resolve("journals/node1/system");
    }

    @Test
    void theManagerKeepsACopyOfEachJournalForItselfAlone() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(systemCopy)))
                .isEqualTo("rw-------");
        assertThat(local.manager().resolve("journals/node1/pi")).exists();
    }

    @Test
    void theNodesOwnIsUsedAndTheCopiesGo() throws Exception {
        Restored restored = rehearsal.restore();
        assertThat(restored.isComplete()).isTrue();
        assertThat(restored.notes()).isEmpty();
        assertThat(systemCopy).doesNotExist();
        assertThat(rehearsal.restore().undone()).isEmpty();
    }

    @Test
    void aLostJournalComesBackFromTheCopy() throws Exception {
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\" \"$HOME/.local\"");
        List<String> lost = local.snapshot();

        Restored preview = rehearsal.preview();
        assertThat(preview.undone()).extracting(JournalEntry::kind).containsExactly("key", "file");
        assertThat(preview.notes()).hasSize(2);
        assertThat(local.snapshot()).isEqualTo(lost);

        Restored restored = rehearsal.restore();
        assertThat(restored.failure()).isEmpty();
        assertThat(restored.isComplete()).isTrue();
        assertThat(restored.notes())
                .containsExactly(
                        "1 change from the manager's copy: the journal in the home folder of pi has lost them, or is damaged",
                        "1 change from the manager's copy: the journal of the machine has lost them, or is damaged");
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(systemCopy).doesNotExist();
    }

    /** A full disk, for example: nothing is lost that would have to be unpacked. */
    @Test
    void theCopyIsNotTouchedWhereTheJournalIsWhole() throws Exception {
        local.with("mktemp", "exit 1\n");
        local.with("tar", "case $1 in -x) exit 1 ;; *) exec /bin/tar \"$@\" ;; esac\n");

        Restored preview = rehearsal.preview();

        assertThat(preview.failure()).isEmpty();
        assertThat(preview.undone()).extracting(JournalEntry::kind).containsExactly("key", "file");
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    @Timeout(60)
    void aPreviewThatIsCutOffLeavesNothing() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path unpacking = folder.resolve("log/unpacking");
        local.with("TMPDIR=" + temporary);
        local.with("tar", "touch \"$HOME/../log/unpacking\"; exec sleep 300\n");
        local.output("rm -rf \"$HOME/.local\"");
        Thread caller = Thread.currentThread();
        Thread impatient = new Thread(() -> {
            await(() -> Files.exists(unpacking));
            caller.interrupt();
        });
        impatient.start();

        assertThatThrownBy(rehearsal::preview).isInstanceOf(InterruptedException.class);
        impatient.join();

        await(() -> isEmpty(temporary));
        assertThat(temporary).isEmptyDirectory();
    }

    private static boolean isEmpty(Path directory) {
        String[] names = directory.toFile().list();
        return names != null && names.length == 0;
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(15));
        while (Instant.now().isBefore(end) && !condition.getAsBoolean()) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void aDamagedEntryComesBackFromTheCopy() throws Exception {
        Files.delete(local.system().resolve("journal/0001/content"));
        assertThat(rehearsal.restore().notes()).hasSize(1);
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void withoutTheManagersStateTheNodesJournalSuffices() throws Exception {
        Files.delete(systemCopy);
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123", "unknown"})
    void aCopyOfAnotherMachineIsNotUsed(String machine) throws Exception {
        assumeThat(rehearsal.facts().machine().machineId()).isPresent();
        Files.writeString(systemCopy, Files.readString(systemCopy).replaceFirst("machine .*", "machine " + machine));
        Files.writeString(local.manager().resolve("journals/node1/pi"), "nonsense\n");
        Files.createDirectories(folder.resolve("aside"));
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\"");
        Restored restored = rehearsal.restore();
        assertThat(restored.undone()).extracting(JournalEntry::kind).containsExactly("key");
        assertThat(local.etc().resolve("node.conf")).hasContent("ours");
        assertThat(restored.notes())
                .containsExactly("the copy of its journal here is of another machine, and is not used");
        assertThat(systemCopy).as("it is not this node's to lose").exists();
    }

    @Nested
    class Filed {
        private static final String ONE = "0123456789abcdef0123456789abcdef";
        private static final String OTHER = "fedcba9876543210fedcba9876543210";
        private static final Node ALICE = Node.of("node1", List.of()).withId(new NodeId("alice-00"));
        private static final Node BOB = Node.of("node1", List.of()).withId(new NodeId("bob-0000"));
        private JournalCopies copies;

        @BeforeEach
        void keepThemElsewhere() {
            copies = new JournalCopies(folder.resolve("filed"));
        }

        @Test
        void machinesOfOneNameDoNotReplaceEachOthers() throws Exception {
            for (Node node : List.of(ALICE, Rehearsal.NODE)) {
                copies.keep(node, copy(ONE, "0001"));
                copies.keep(node.id().isPresent() ? BOB : node, copy(OTHER, "0002"));

                assertThat(copies.of(node, factsOf(ONE))).containsExactly(copy(ONE, "0001"));
                assertThat(copies.of(node.id().isPresent() ? BOB : node, factsOf(OTHER)))
                        .containsExactly(copy(OTHER, "0002"));

                copies.drop(node, factsOf(ONE));
                assertThat(copies.of(node, factsOf(ONE))).isEmpty();
                assertThat(copies.of(node.id().isPresent() ? BOB : node, factsOf(OTHER)))
                        .containsExactly(copy(OTHER, "0002"));
            }
        }

        @Test
        void aNodeThatHasAnotherNameByNowIsKnownByItsId() throws Exception {
            copies.keep(ALICE, copy(ONE, "0001"));
            Node renamed = Node.of("node7", List.of()).withId(new NodeId("alice-00"));
            copies.keep(renamed, copy(ONE, "0001", "0002"));
            assertThat(copies.of(ALICE, factsOf(ONE))).containsExactly(copy(ONE, "0001", "0002"));
        }

        @Test
        void oneThatWasFiledByNameIsFoundAndGivesWayToTheNextOne() throws Exception {
            copies.keep(Rehearsal.NODE, copy(ONE, "0001"));
            assertThat(copies.of(ALICE, factsOf(ONE))).containsExactly(copy(ONE, "0001"));

            copies.keep(ALICE, copy(ONE, "0001", "0002"));
            copies.keep(ALICE, copy(ONE));

            assertThat(copies.of(ALICE, factsOf(ONE))).isEmpty();
            assertThat(copies.of(Rehearsal.NODE, factsOf(ONE))).isEmpty();
        }

        @Test
        void aNodeThatDoesNotTellItsIdIsKnownByNameAndMachine() throws Exception {
            copies.keep(ALICE, copy(ONE, "0001", "0002"));
            copies.keep(Rehearsal.NODE, copy(ONE, "0001"));
            assertThat(copies.of(ALICE, factsOf(ONE))).containsExactly(copy(ONE, "0001"));
        }

        @Test
        void oneOfNoMachineInParticularIsOfTheNodeWithTheIdAlone() throws Exception {
            copies.keep(ALICE, copy("unknown", "0001"));
            copies.keep(Rehearsal.NODE, copy("unknown", "0002"));

            assertThat(copies.of(ALICE, factsOf(""))).containsExactly(copy("unknown", "0001"));
            assertThat(copies.of(BOB, factsOf(""))).isEmpty();
            assertThat(copies.of(Rehearsal.NODE, factsOf(""))).isEmpty();
            assertThat(copies.of(ALICE, factsOf(ONE))).isEmpty();
        }

        private static JournalCopy copy(String machine, String... numbers) {
            return new JournalCopy("system", machine, List.of(numbers), List.of("AAAA"));
        }

        private Facts factsOf(String machine) throws Exception {
            String told = "@sciabc facts begin\nmachine.id=" + machine + "\n@sciabc facts end\n";
            return FactsParser.parse(told, PlanRequest.of("lab", List.of()), Instant.EPOCH, Instant.EPOCH);
        }
    }

    @Test
    void whatIsUndoneDoesNotComeBackAfterAnInterruption() throws Exception {
        JournalCopy copy = rehearsal
                .copies()
                .of(Rehearsal.NODE, rehearsal.facts(), "system")
                .orElseThrow();
        rehearsal.copies().keep(Rehearsal.NODE, copy.without(copy.numbers()));
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\"");
        assertThat(rehearsal.restore().undone()).extracting(JournalEntry::kind).containsExactly("key");
    }
}
