// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Requirement;

/** Work on a node that does not come to its end: what was done and said until then is kept and counted. */
@Timeout(60)
final class CutOffTest {
    @TempDir
    Path folder;

    @Test
    void whenTheConnectionBreaksWhatWasDoneAndSaidUntilThenIsKept() throws Exception {
        LocalNode local = LocalNode.in(folder);
        local.with("pacman", """
                case $1 in
                -S) echo 'downloading openmpi' && touch "$HOME/../log/installed" ;;
                -Q) if [ -e "$HOME/../log/installed" ]; then echo 'openmpi 5.0.8-1'; fi ;;
                esac
                """);
        local.breakingWhen(local.etc().resolve("node.conf"));
        Rehearsal rehearsal = new Rehearsal(local, written(local), Samples.MPI);

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.result()).isEqualTo(Outcome.Result.LEFT_OUT);
        assertThat(outcome.why()).isEqualTo("the connection broke");
        assertThat(outcome.output()).contains("downloading openmpi");
        assertThat(outcome.changes()).isEqualTo(2);
        assertThat(rehearsal.events).last().isEqualTo(new ProvisionEvent.Ended(Rehearsal.NODE, outcome));
    }

    @Test
    void whenSomebodyInterruptsWhatWasDoneAndSaidUntilThenIsTold() throws Exception {
        LocalNode local = LocalNode.in(folder);
        local.with(
                "pacman",
                "case $1 in -S) echo 'downloading openmpi' && touch \"$HOME/../log/begun\" && exec sleep 300 ;; esac\n");
        Rehearsal rehearsal = new Rehearsal(local, written(local), Samples.MPI);
        Thread caller = Thread.currentThread();
        Thread impatient = new Thread(() -> {
            awaitFile(folder.resolve("log/begun"));
            awaitWords(rehearsal);
            caller.interrupt();
        });
        impatient.start();

        assertThatThrownBy(rehearsal::provision).isInstanceOf(InterruptedException.class);
        impatient.join();

        assertThat(rehearsal.events).last().isInstanceOfSatisfying(ProvisionEvent.Ended.class, ended -> {
            assertThat(ended.outcome().why()).isEqualTo("interrupted");
            assertThat(ended.outcome().output()).contains("downloading openmpi");
        });
    }

    private static Requirement.FileContent written(LocalNode local) {
        return new Requirement.FileContent(local.etc() + "/node.conf", "x\n", 0644, "it is needed");
    }

    private static void awaitFile(Path file) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (Instant.now().isBefore(end) && !Files.exists(file)) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void awaitWords(Rehearsal rehearsal) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (Instant.now().isBefore(end)
                && rehearsal.events.stream().noneMatch(event -> event.toString().contains("downloading"))) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
