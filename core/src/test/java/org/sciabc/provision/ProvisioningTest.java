// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.provision.ProvisionEvent.StepFailed;
import org.sciabc.provision.ProvisionEvent.StepFinished;
import org.sciabc.provision.ProvisionEvent.StepStarted;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Secret;

final class ProvisioningTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void aBareNodeBecomesReadyAndGoesAllTheWayBack(String shell) throws Exception {
        LocalNode local = LocalNode.in(folder, shell).greeting("Welcome!\nno line end");
        Requirement.Directory work = new Requirement.Directory("~/work", 0750, "jobs work there");
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY, told(local), work);
        List<String> before = local.snapshot();

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(outcome.isReady()).isTrue();
        assertThat(outcome.changes()).isEqualTo(4);
        assertThat(local.home().resolve(".ssh/authorized_keys")).hasContent(Samples.KEY.publicKey());
        assertThat(Files.readString(local.etc().resolve("deep/node.conf"))).matches("id=[0-9a-f-]{36} cluster=lab\n");
        assertThat(rehearsal.plan().isReady()).isTrue();

        Restored restored = rehearsal.restore();

        assertThat(restored.failure()).isEmpty();
        assertThat(restored.differences()).isEmpty();
        assertThat(restored.undone()).extracting(JournalEntry::kind).containsExactly("folder", "key", "file", "file");
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void aSecondRunChangesNothingAndSaysSo() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY, told(local));
        rehearsal.provision();
        List<String> ready = local.snapshot();

        Outcome again = rehearsal.provision();

        assertThat(again.isReady()).isTrue();
        assertThat(again.changes()).isZero();
        assertThat(local.snapshot()).isEqualTo(ready);
    }

    @Test
    void eachStepIsToldAsItHappens() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY, told(local));

        rehearsal.provision();

        assertThat(rehearsal.events)
                .filteredOn(event -> event instanceof StepStarted || event instanceof StepFinished)
                .extracting(Object::toString)
                .map(text -> text.replaceAll("\\[node=.*, number=", " "))
                .containsExactly(
                        "StepStarted 1, count=3, title=give the node a random id in " + local.system() + "/id]",
                        "StepFinished 1, count=3, title=give the node a random id in " + local.system() + "/id]",
                        "StepStarted 2, count=3, title=write " + local.etc() + "/deep/node.conf]",
                        "StepFinished 2, count=3, title=write " + local.etc() + "/deep/node.conf]",
                        "StepStarted 3, count=3, title=add a key to ~/.ssh/authorized_keys]",
                        "StepFinished 3, count=3, title=add a key to ~/.ssh/authorized_keys]");
        assertThat(rehearsal.events.get(0)).isInstanceOf(ProvisionEvent.Began.class);
        assertThat(rehearsal.events).last().isInstanceOf(ProvisionEvent.Ended.class);
    }

    @Test
    void keyLoginIsProvedOnceTheKeyIsThere() throws Exception {
        LocalNode local = LocalNode.in(folder);
        new Rehearsal(local, Optional.of(Secret.of("x")), PlanRequest.of("lab", List.of(Samples.KEY))).provision();
        assertThat(local.passwordless).hasValue(1);
    }

    @Test
    void aFailedStepNamesItselfAndItsReasonAndEndsTheWork() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Files.writeString(local.etc().resolve("blocked"), "a file where a folder should be");
        Requirement.FileContent impossible =
                new Requirement.FileContent(local.etc() + "/blocked/node.conf", "x\n", 0644, "it is needed");
        Rehearsal rehearsal = new Rehearsal(local, impossible, Samples.KEY);
        List<String> before = local.snapshot();

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.why()).startsWith("write " + local.etc() + "/blocked/node.conf: mkdir: ");
        assertThat(outcome.hint()).isPresent();
        assertThat(rehearsal.events).hasAtLeastOneElementOfType(StepFailed.class);
        assertThat(local.home().resolve(".ssh")).doesNotExist();

        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void whatWasCutOffIsContinuedAndUndoneAsOne() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY, told(local));
        List<String> before = local.snapshot();
        // The file's folder appears, the file's new content is written, and then the node dies.
        local.with("chmod", "case $* in *node.conf*) kill -9 $PPID ;; *) exec /bin/chmod \"$@\" ;; esac\n");
        assertThat(rehearsal.provision().isReady()).isFalse();
        assertThat(local.etc().resolve("deep/node.conf")).doesNotExist();
        Files.delete(local.bin().resolve("chmod"));

        assertThat(rehearsal.provision().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void whatWasCutOffIsUndoneWithoutBeingFinished() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, told(local));
        List<String> before = local.snapshot();
        local.with("mv", "case $* in *node.conf*) kill -9 $PPID ;; *) exec /bin/mv \"$@\" ;; esac\n");
        assertThat(rehearsal.provision().isReady()).isFalse();
        Files.delete(local.bin().resolve("mv"));

        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void twoAtOnceOnOneNodeDoNotMixTheirJournals() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY);
        Path journal = Files.createDirectories(local.home().resolve(".local/state/sciabc/journal"));
        Files.createSymbolicLink(
                journal.resolve("lock"),
                Path.of(JournalLockTest.holder(ProcessHandle.current().pid())));

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.why())
                .isEqualTo("another sciabc is at work on this node (process "
                        + ProcessHandle.current().pid() + ")");
        assertThat(local.home().resolve(".ssh")).doesNotExist();
    }

    @Test
    void oneThatIsAboutToEndIsWaitedFor() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, told(local));
        List<String> before = local.snapshot();
        rehearsal.provision();
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            local.with("sleep", "kill " + other.pid() + "; exec /bin/sleep \"$@\"\n");
            Files.createSymbolicLink(
                    local.system().resolve("journal/lock"), Path.of(JournalLockTest.holder(other.pid())));

            Restored restored = rehearsal.restore();

            assertThat(restored.failure()).isEmpty();
            assertThat(restored.output())
                    .startsWith("waiting for another sciabc at work on this node (process " + other.pid() + ")");
            assertThat(restored.notes()).containsExactly("waited for another sciabc that was at work on this node");
            assertThat(local.snapshot()).isEqualTo(before);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void theLockOfOneWhoDiedIsTakenOver() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Path journal = Files.createDirectories(local.home().resolve(".local/state/sciabc/journal"));
        Files.createSymbolicLink(journal.resolve("lock"), Path.of(JournalLockTest.holder(1, "before-the-last-boot")));
        assertThat(new Rehearsal(local, Samples.KEY).provision().isReady()).isTrue();
    }

    private static Requirement.FileContent told(LocalNode local) {
        return new Requirement.FileContent(
                local.etc() + "/deep/node.conf", "id=@sciabc.id@ cluster=@sciabc.cluster@\n", 0644, "it is told apart");
    }
}
