// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class InterruptionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void everythingThatWasStartedOnTheNodeEndsWhenTheManagerLetsGo(String shell) throws Exception {
        LocalNode local = LocalNode.in(folder, shell);
        // A package manager that hangs, with a child that hangs, too.
        local.with("pacman", "case $1 in -S) sleep 300 & echo $$ $! >\"$HOME/../log/pids\"; sleep 301 ;; esac\n");
        Rehearsal rehearsal = new Rehearsal(local, Samples.MPI);
        Thread caller = Thread.currentThread();
        Thread impatient = new Thread(() -> {
            awaitFile(folder.resolve("log/pids"));
            caller.interrupt();
        });
        impatient.start();

        assertThatThrownBy(rehearsal::provision).isInstanceOf(InterruptedException.class);
        impatient.join();

        for (String pid : local.log("pids").get(0).split(" ", -1)) {
            awaitEnd(Long.parseLong(pid));
        }
        // Whether the journal has a beginning depends on who ended first: a step that sees its package manager end
        // finds that
        // nothing was changed, and has nothing to undo.
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.system()).doesNotExist();
    }

    @Test
    void aRestorationThatWasCutOffGoesOnWhereItStopped() throws Exception {
        LocalNode local = LocalNode.in(folder);
        var first = new org.sciabc.spi.Requirement.FileContent(local.etc() + "/a", "a\n", 0644, "needed");
        var second = new org.sciabc.spi.Requirement.FileContent(local.etc() + "/b", "b\n", 0644, "needed");
        Rehearsal rehearsal = new Rehearsal(local, first, second);
        List<String> before = local.snapshot();
        rehearsal.provision();
        local.with("rm", "case $* in *etc/a) kill -9 $PPID ;; *) exec /bin/rm \"$@\" ;; esac\n");

        assertThat(rehearsal.restore().isComplete()).isFalse();
        assertThat(local.etc().resolve("b")).doesNotExist();
        assertThat(local.etc().resolve("a")).exists();
        Files.delete(local.bin().resolve("rm"));

        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(rehearsal.restore().undone()).isEmpty();
    }

    @Test
    void whatWasUndoneBeforeTheNodeDiedIsNotTakenForLostAndIsLookedAtAgain() throws Exception {
        LocalNode local = LocalNode.in(folder);
        var first = new org.sciabc.spi.Requirement.FileContent(local.etc() + "/a", "a\n", 0644, "needed");
        var second = new org.sciabc.spi.Requirement.FileContent(local.etc() + "/b", "b\n", 0644, "needed");
        Rehearsal rehearsal = new Rehearsal(local, first, second);
        List<String> before = local.snapshot();
        rehearsal.provision();
        // The entry has left the journal, and the manager does not hear of it any more.
        local.with("mv", "/bin/mv \"$@\"\ncase $* in *journal/0002*) kill -9 $PPID ;; esac\n");

        assertThat(rehearsal.restore().isComplete()).isFalse();
        assertThat(local.etc().resolve("b")).doesNotExist();
        Files.delete(local.bin().resolve("mv"));

        assertThat(rehearsal.preview().undone())
                .extracting(JournalEntry::subject)
                .containsExactly(local.etc() + "/a");
        Restored restored = rehearsal.restore();
        assertThat(restored.isComplete()).isTrue();
        assertThat(restored.notes()).isEmpty();
        assertThat(restored.undone())
                .extracting(JournalEntry::subject)
                .containsExactly(local.etc() + "/a", local.etc() + "/b");
        assertThat(local.snapshot()).isEqualTo(before);
        assertThat(rehearsal.restore().undone()).isEmpty();
    }

    @Test
    void lookingAtTheJournalChangesNothing() throws Exception {
        LocalNode local = LocalNode.in(folder);
        Rehearsal rehearsal = new Rehearsal(local, Samples.KEY);
        rehearsal.provision();
        List<String> before = local.snapshot();
        Restored preview = rehearsal.preview();
        assertThat(preview.undone())
                .extracting(JournalEntry::title)
                .containsExactly("add a key to ~/.ssh/authorized_keys");
        assertThat(preview.undone()).allMatch(JournalEntry::done);
        assertThat(local.snapshot()).isEqualTo(before);
    }

    private static void awaitFile(Path file) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (Instant.now().isBefore(end)
                && (!Files.exists(file) || file.toFile().length() == 0)) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void awaitEnd(long pid) {
        Instant end = Instant.now().plus(Duration.ofSeconds(15));
        while (Instant.now().isBefore(end) && isRunning(pid)) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(isRunning(pid)).as("process %d", pid).isFalse();
    }

    /** One that nobody has collected yet has ended all the same. */
    private static boolean isRunning(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s).*\\) Z .*");
        } catch (java.io.IOException gone) {
            return false;
        }
    }
}
