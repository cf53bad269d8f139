// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.launch.WaitingShell.Said;
import org.sciabc.launch.WaitingShells.Place;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.SciabcException;

/** The shells are real ones, on this machine. */
@Timeout(60)
class WaitingShellsTest {
    private static final Place HERE = new Place(List.of("/bin/sh"), "pi", 22);

    private final WaitingShells shells = new WaitingShells();
    private final OwnProcesses processes = new OwnProcesses("/usr/bin:/bin", Duration.ofSeconds(5));

    @Test
    void theNextScriptIsRunByTheSameShell() throws Exception {
        Said first = ask("echo $$");

        assertThat(first.out().strip()).startsWith(process(first));
        assertThat(first.end()).isEmpty();
        assertThat(process(ask("echo $$"))).isEqualTo(process(first));
    }

    @Test
    void aScriptLeavesNothingBehindForTheNext() throws Exception {
        String process = process(ask("echo $$; a=1; export a; cd /; set -f; umask 0; trap 'echo left' EXIT; exit 3"));
        Said said = ask("echo $$; echo \"[$a]\" *; umask; pwd");

        assertThat(process(said)).isEqualTo(process);
        assertThat(said.out()).contains("[]").doesNotContain(" *").doesNotContain("\n0000\n", "\n/\n");
    }

    @Test
    void anotherAccountOrPortIsAnotherPlace() throws Exception {
        String process = process(ask("echo $$"));

        for (Place other : List.of(new Place(HERE.command(), "mia", 22), new Place(HERE.command(), "pi", 2222))) {
            assertThat(process(shells.ask(other, processes, "echo $$", said -> true)))
                    .isNotEqualTo(process);
        }
    }

    @Test
    void whatIsNotEnoughIsAskedOfANewShellThatThenWaits() throws Exception {
        String old = process(ask("echo $$"));

        String fresh = process(
                shells.ask(HERE, processes, "echo $$", said -> !process(said).equals(old)));

        assertThat(fresh).isNotEqualTo(old);
        assertThat(process(ask("echo $$"))).isEqualTo(fresh);
        awaitEndOf(old);
    }

    @Test
    void aRenewedShellTakesThePlaceOfTheOld() throws Exception {
        String old = process(ask("echo $$"));

        String fresh = process(shells.renewed(HERE, processes, "echo $$"));

        assertThat(process(ask("echo $$"))).isEqualTo(fresh).isNotEqualTo(old);
        awaitEndOf(old);
    }

    @Test
    void aShellThatDiedWhileItWaitedIsReplaced() throws Exception {
        String old = process(ask("echo $$"));
        ProcessHandle.of(Long.parseLong(old)).orElseThrow().destroyForcibly();
        awaitEndOf(old);

        assertThat(process(shells.ask(
                        HERE, processes, "echo $$", said -> said.end().isEmpty())))
                .isNotEqualTo(old);
    }

    @Test
    void aShellThatEndsSaysHowAndWhatItComplainedOf() throws Exception {
        Said said = ask("echo here; echo there >&2; kill -9 $$");

        assertThat(said.out()).contains("here");
        assertThat(said.err()).contains("there");
        assertThat(said.end()).contains(new ExitStatus(137));
    }

    @Test
    void aScriptThatIsBrokenOrReadsItsInputTakesNothingFromTheNext() throws Exception {
        assertThat(ask("echo 'never closed").out().strip()).startsWith("@@");
        assertThat(ask("cat; echo read").out()).startsWith("read");
        assertThat(ask("echo next").out()).startsWith("next");
    }

    @Test
    void whoSaysTooMuchIsCutAndDoesNotKeepUsWaiting() throws Exception {
        Said said = ask("head -c 1000000 /dev/zero");

        assertThat(said.out()).hasSize(Heard.MOST_BYTES);
        assertThat(said.end()).isEmpty();
        assertThat(ask("echo next").out()).startsWith("next");
    }

    @Test
    void whatCannotBeStartedIsSaid() {
        Place nowhere = new Place(List.of("/nowhere/ssh"), "pi", 22);

        assertThatThrownBy(() -> shells.ask(nowhere, processes, "echo", said -> true))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("/nowhere/ssh");
    }

    @Test
    void whoIsInterruptedLeavesNoShellBehind() throws Exception {
        String process = process(ask("echo $$"));
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread asker = new Thread(() -> {
            try {
                ask("sleep 50");
            } catch (SciabcException | InterruptedException interrupted) {
                end.set(interrupted);
            }
        });
        asker.start();
        asker.interrupt();
        asker.join();

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        awaitEndOf(process);
        assertThat(process(ask("echo $$"))).isNotEqualTo(process);
    }

    private Said ask(String script) throws SciabcException, InterruptedException {
        return shells.ask(HERE, processes, script, said -> true);
    }

    private static String process(Said said) {
        return said.out().strip().lines().findFirst().orElse("");
    }

    private static void awaitEndOf(String process) throws Exception {
        var handle = ProcessHandle.of(Long.parseLong(process));
        if (handle.isPresent()) {
            handle.get().onExit().get(10, TimeUnit.SECONDS);
        }
    }
}
