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
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.provision.JournalCopies.Owner;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement;

final class JournalCopiesTest {
    private static final String KEY = "SHA256:" + "k".repeat(43);
    private static final String OTHER_KEY = "SHA256:" + "/".repeat(43);

    @TempDir
    Path folder;

    private LocalNode local;
    private Rehearsal rehearsal;
    private List<String> before;
    private Path systemCopy;

    @BeforeEach
    void makeANodeReady() throws Exception {
        local = LocalNode.in(folder).withHostKey(KEY);
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
                .containsExactly("the copy of its journal here is of another machine or host key, and is not used");
        assertThat(systemCopy).as("it is not this node's to lose").exists();
    }

    @Test
    void aCopyOfBeforeHostKeysWereKeptIsUsed() throws Exception {
        for (Path copy : List.of(systemCopy, systemCopy.resolveSibling("pi"))) {
            Files.writeString(copy, Files.readString(copy).replace("key " + KEY + "\n", ""));
        }
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\" \"$HOME/.local\"");
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(systemCopy).doesNotExist();
    }

    @Test
    void aCopyThatCameFromAnotherHostKeyIsNotUsed() throws Exception {
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\" \"$HOME/.local\"");
        local.withHostKey(OTHER_KEY);

        Restored restored = rehearsal.restore();

        assertThat(restored.undone()).isEmpty();
        assertThat(restored.notes())
                .containsExactly("the copy of its journal here is of another machine or host key, and is not used");
        local.withHostKey(KEY);
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(systemCopy).doesNotExist();
    }

    @Test
    void anAccountThatSomebodyElseHasRemovedTookWhatWasInItsHomeFolderAlong() throws Exception {
        Path copyOfMpi = keepACopyForMpi();
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\" \"$HOME/.local\"");
        String gone = "there is no account mpi any longer: what was changed in its home folder is left";

        Restored preview = rehearsal.preview();
        assertThat(preview.failure()).isEmpty();
        assertThat(preview.undone()).extracting(JournalEntry::kind).containsExactly("key", "file");
        assertThat(preview.notes()).contains(gone);

        Restored restored = rehearsal.restore();
        assertThat(restored.isComplete()).isTrue();
        assertThat(restored.notes()).contains(gone);
        assertThat(copyOfMpi).doesNotExist();
        assertThat(systemCopy).doesNotExist();
    }

    @Test
    void anAccountThatIsStillThereHasAHomeFolderToRestore() throws Exception {
        Path copyOfMpi = keepACopyForMpi();
        Files.writeString(folder.resolve("accounts"), "mpi\n");
        local.with("su", "echo \"$*\" >>\"$HOME/../log/su\"; exit 1");
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\"");

        assertThat(rehearsal.restore().failure()).isPresent();
        assertThat(local.log("su")).isNotEmpty().allMatch(line -> line.contains(" mpi "));
        assertThat(copyOfMpi).exists();
    }

    @Test
    void anAccountThatIsCalledSystemIsNotTheMachine() throws Exception {
        Files.writeString(folder.resolve("accounts"), "system\n");
        Files.writeString(local.system().resolve("accounts"), "system\n");
        local.with("su", "echo \"$*\" >>\"$HOME/../log/su\"; exit 1");

        assertThat(rehearsal.restore().failure()).isPresent();
        assertThat(local.log("su")).isNotEmpty().allMatch(line -> line.contains(" system "));
        assertThat(local.etc().resolve("node.conf")).hasContent("ours");
    }

    private Path keepACopyForMpi() throws Exception {
        Owner owner = Owner.of(Rehearsal.NODE, rehearsal.facts(), Optional.of(KEY));
        JournalCopy pi = rehearsal.copies().of(owner, "pi").orElseThrow();
        rehearsal
                .copies()
                .keep(Rehearsal.NODE, new JournalCopy("mpi", pi.machine(), pi.hostKey(), pi.numbers(), pi.archive()));
        return systemCopy.resolveSibling("mpi");
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
                Node namesake = node.id().isPresent() ? BOB : node;
                copies.keep(node, copy(ONE, "0001"));
                copies.keep(namesake, copy(OTHER, "0002"));

                assertThat(copies.of(as(node, ONE))).containsExactly(copy(ONE, "0001"));
                assertThat(copies.of(as(namesake, OTHER))).containsExactly(copy(OTHER, "0002"));

                copies.drop(as(node, ONE));
                assertThat(copies.of(as(node, ONE))).isEmpty();
                assertThat(copies.of(as(namesake, OTHER))).containsExactly(copy(OTHER, "0002"));
            }
        }

        @Test
        void aNodeThatHasAnotherNameByNowIsKnownByItsId() throws Exception {
            copies.keep(ALICE, copy(ONE, "0001"));
            Node renamed = Node.of("node7", List.of()).withId(new NodeId("alice-00"));
            copies.keep(renamed, copy(ONE, "0001", "0002"));
            assertThat(copies.of(as(ALICE, ONE))).containsExactly(copy(ONE, "0001", "0002"));
        }

        @Test
        void oneThatWasFiledByNameIsFoundAndGivesWayToTheNextOne() throws Exception {
            copies.keep(Rehearsal.NODE, copy(ONE, "0001"));
            assertThat(copies.of(as(ALICE, ONE))).containsExactly(copy(ONE, "0001"));

            copies.keep(ALICE, keyed(KEY, "0001", "0002"));
            copies.keep(ALICE, keyed(KEY));

            assertThat(copies.of(as(ALICE, ONE, KEY))).isEmpty();
            assertThat(copies.of(as(Rehearsal.NODE, ONE))).isEmpty();
        }

        @Test
        void aNodeThatDoesNotTellItsIdIsKnownByNameMachineAndHostKey() throws Exception {
            copies.keep(ALICE, copy(ONE, "0001"));
            copies.keep(Rehearsal.NODE, keyed(KEY, "0001", "0002"));
            assertThat(copies.of(as(ALICE, ONE, KEY))).containsExactly(keyed(KEY, "0001", "0002"));
            copies.keep(ALICE, keyed(KEY, "0001", "0002"));
            copies.keep(Rehearsal.NODE, keyed(KEY, "0001"));
            assertThat(copies.of(as(ALICE, ONE, KEY))).containsExactly(keyed(KEY, "0001"));
            assertThat(copies.of(as(Rehearsal.NODE, ONE, KEY))).containsExactly(keyed(KEY, "0001"));
        }

        @Test
        void whoTakesNameAndMachineOfANodeNeitherReplacesNorUsesItsCopy() throws Exception {
            for (JournalCopy own : List.of(keyed(KEY, "0001"), copy(ONE, "0001"))) {
                copies = new JournalCopies(Files.createTempDirectory(folder, "filed"));
                copies.keep(ALICE, own);
                copies.keep(Rehearsal.NODE, keyed(OTHER_KEY, "9000"));

                assertThat(copies.of(as(ALICE, ONE, KEY))).containsExactly(own);
                assertThat(copies.of(as(Rehearsal.NODE, ONE, OTHER_KEY))).containsExactly(keyed(OTHER_KEY, "9000"));

                copies.keep(Rehearsal.NODE, keyed(OTHER_KEY));
                assertThat(copies.of(as(Rehearsal.NODE, ONE, OTHER_KEY))).isEmpty();
                assertThat(copies.of(as(Rehearsal.NODE, ONE))).isEmpty();
                assertThat(copies.of(as(ALICE, ONE, KEY))).containsExactly(own);
            }
        }

        @Test
        void whoTakesTheNameOfANodeThatHasNoCopyYetDoesNotGiveItOne() throws Exception {
            copies.keep(Rehearsal.NODE, keyed(OTHER_KEY, "9000"));
            assertThat(copies.of(as(ALICE, ONE, KEY))).isEmpty();
            assertThat(copies.hasOnlyOfAnother(as(ALICE, ONE, KEY))).isTrue();
        }

        @Test
        void hostKeysTellNodesWithoutIdsApart() throws Exception {
            List<String> keys = List.of(KEY, OTHER_KEY, "SHA256:" + "m".repeat(43));
            for (String key : keys) {
                copies.keep(Rehearsal.NODE, keyed(key, "0001"));
                copies.keep(Rehearsal.NODE, keyed(key, "0001", "0002"));
            }
            for (String key : keys) {
                assertThat(copies.of(as(Rehearsal.NODE, ONE, key))).containsExactly(keyed(key, "0001", "0002"));
            }
            copies.drop(as(Rehearsal.NODE, ONE, KEY));
            assertThat(copies.of(as(Rehearsal.NODE, ONE, KEY))).isEmpty();
            assertThat(copies.of(as(Rehearsal.NODE, ONE, OTHER_KEY))).hasSize(1);
        }

        @Test
        void anAccountMayBeCalledLikeTheFileOfTheMachine() throws Exception {
            JournalCopy account = new JournalCopy("system", ONE, Optional.empty(), List.of("0007"), List.of("AAAA"));
            copies.keep(ALICE, copy(ONE, "0001"));
            copies.keep(ALICE, account);

            assertThat(copies.of(as(ALICE, ONE))).containsExactlyInAnyOrder(copy(ONE, "0001"), account);
            assertThat(copies.accounts(ALICE)).containsExactly("system");
            assertThat(folder.resolve("filed/journals/node1@alice-00/system"))
                    .as("where it was from the beginning")
                    .content()
                    .contains("entries 0001");
        }

        @Test
        void aHostKeyThatIsNoneDoesNotMakeACopyAnybodys() throws Exception {
            copies.keep(ALICE, keyed(KEY, "0001"));
            Path file = folder.resolve("filed/journals/node1@alice-00/system");
            Files.writeString(file, Files.readString(file).replace("key SHA256:", "key "));
            assertThat(copies.of(as(ALICE, ONE, KEY))).isEmpty();
        }

        @Test
        void oneOfNoMachineInParticularIsOfTheNodeWithTheIdAlone() throws Exception {
            copies.keep(ALICE, copy("unknown", "0001"));
            copies.keep(Rehearsal.NODE, copy("unknown", "0002"));

            assertThat(copies.of(as(ALICE, ""))).containsExactly(copy("unknown", "0001"));
            assertThat(copies.of(as(BOB, ""))).isEmpty();
            assertThat(copies.of(as(Rehearsal.NODE, ""))).isEmpty();
            assertThat(copies.of(as(ALICE, ONE))).isEmpty();
        }

        private static JournalCopy copy(String machine, String... numbers) {
            return new JournalCopy(JournalCopy.SYSTEM, machine, Optional.empty(), List.of(numbers), List.of("AAAA"));
        }

        private static JournalCopy keyed(String hostKey, String... numbers) {
            return copy(ONE, numbers).from(Optional.of(hostKey));
        }

        private static Owner as(Node node, String machine, String... hostKey) throws Exception {
            String told = "@sciabc facts begin\nmachine.id=" + machine + "\n@sciabc facts end\n";
            Facts facts = FactsParser.parse(told, PlanRequest.of("lab", List.of()), Instant.EPOCH, Instant.EPOCH);
            return Owner.of(node, facts, Stream.of(hostKey).findFirst());
        }
    }

    @Test
    void whatIsUndoneDoesNotComeBackAfterAnInterruption() throws Exception {
        JournalCopy copy = rehearsal
                .copies()
                .of(Owner.of(Rehearsal.NODE, rehearsal.facts(), Optional.of(KEY)), JournalCopy.SYSTEM)
                .orElseThrow();
        rehearsal.copies().keep(Rehearsal.NODE, copy.without(copy.numbers()));
        local.output("rm -rf \"$HOME/../root/var/lib/sciabc\"");
        assertThat(rehearsal.restore().undone()).extracting(JournalEntry::kind).containsExactly("key");
    }
}
