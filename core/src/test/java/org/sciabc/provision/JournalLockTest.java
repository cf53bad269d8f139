// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may write to a journal that several could reach. */
@Timeout(60)
final class JournalLockTest {
    private static final String ELSEWHERE = "1@another-boot@0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private LocalNode local;
    private Path journal;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        journal = local.home().resolve(".local/state/sciabc/journal");
    }

    /** What the lock of a process on this machine says. */
    static String holder(long process) throws IOException {
        return holder(
                process,
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
    }

    static String holder(long process, String boot) throws IOException {
        Path id = Path.of("/etc/machine-id");
        return process + "@" + boot + "@"
                + (Files.exists(id) ? Files.readString(id).strip() : "unknown");
    }

    @Test
    void oneOnAnotherMachineThatGivesSignsOfLifeKeepsTheLock() throws Exception {
        lockFromElsewhere();
        local.with("sleep", "echo . >>" + journal + "/beat; exec /bin/sleep \"$@\"\n");

        Outcome outcome = new Rehearsal(local, Samples.KEY).provision();

        assertThat(outcome.why())
                .isEqualTo("another sciabc is at work in this folder, on the machine 0123456789abcdef0123456789abcdef");
        assertThat(Files.readSymbolicLink(journal.resolve("lock"))).hasToString(ELSEWHERE);
        assertThat(local.home().resolve(".ssh")).doesNotExist();
    }

    @Test
    void oneOnAnotherMachineThatGivesNoneIsWaitedForAndLosesIt() throws Exception {
        lockFromElsewhere();

        Outcome outcome = new Rehearsal(local, Samples.KEY).provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(outcome.output())
                .contains(
                        "waiting for another sciabc that may be at work on the machine 0123456789abcdef0123456789abcdef");
        assertThat(journal.resolve("lock")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void whoHoldsTheLockGivesSignsOfLifeAndTakesThemAlong(String shell) throws Exception {
        local = LocalNode.in(folder, shell);
        String said = run("""
                journal_open "$1"
                until [ -s "$1/beat" ]; do sleep 0.05; done
                readlink "$1/lock"
                journal_unlock
                ls -A "$1"
                wait
                echo ended
                """);

        assertThat(said).matches("\\d+@[0-9a-f-]+@[0-9a-z]+\nmade\nended\n");
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void twoThatBeginAtOnceMakeOneJournal(String shell) throws Exception {
        local = LocalNode.in(folder, shell);
        // The other one makes all of it between our look and our renaming.
        local.with("sync", "/bin/mkdir -p " + journal + "; echo theirs >" + journal + "/made\n");

        String said = run("journal=$1; journal_make; cat \"$journal/made\"\n");

        assertThat(said).isEqualTo("theirs\n");
        assertThat(FolderSnapshot.of(local.home())).noneMatch(line -> line.contains("sciabc-new"));
    }

    /** Each of them holds it for a moment, and the last one waits for all others. */
    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void manyOnOtherMachinesHaveTheirTurnOneAfterAnother(String shell) throws Exception {
        local = LocalNode.in(folder, shell);
        lockFromElsewhere();
        // Who waits sees it pass from hand to hand.
        local.with("sleep", """
                n=$(cat %1$s/turns 2>/dev/null || echo 1)
                if [ "$n" -lt 6 ]; then
                    ln -sfn "$n@another-boot@0000000000000000000000000000000$n" %1$s/lock
                    echo $((n + 1)) >%1$s/turns
                else
                    rm -f %1$s/lock
                fi
                """.formatted(journal));

        assertThat(run("journal=$1; journal_lock; stop_beating; readlink \"$1/lock\" | cut -d@ -f1 | grep -c .\n"))
                .endsWith("1\n")
                .doesNotContain("cannot write");
    }

    @Test
    void oneOfAClonedMachineThatGivesSignsOfLifeKeepsTheLock() throws Exception {
        Files.createDirectories(journal);
        Files.createSymbolicLink(journal.resolve("lock"), Path.of(holder(1, "another-boot")));
        local.with("sleep", "echo . >>" + journal + "/beat; exec /bin/sleep \"$@\"\n");

        assertThat(new Rehearsal(local, Samples.KEY).provision().why())
                .startsWith("another sciabc is at work in this folder");
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void theHomeFolderOfAnAccountThatIsYetToBeMadeIsNotBeingRemoved(String shell) throws Exception {
        local = LocalNode.in(folder, shell);

        assertThat(run("is_closing \"~nobodyofthisname/.local/state/sciabc/journal\" || echo no\n"))
                .isEqualTo("no\n");
    }

    @Test
    void aSecondAndAThirdTryMakeWhatTheOtherOneHasNot() throws Exception {
        local.with("sync", "/bin/mkdir -p " + local.home() + "/.local\n");
        assertThat(run("journal=$1; journal_make; cat \"$journal/made\"\n")
                        .lines()
                        .toList())
                .isEqualTo(List.of(
                        local.home() + "/.local/state", local.home() + "/.local/state/sciabc", journal.toString()));
    }

    private void lockFromElsewhere() throws Exception {
        Files.createDirectories(journal);
        Files.createSymbolicLink(journal.resolve("lock"), Path.of(ELSEWHERE));
    }

    private String run(String commands) throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(
                script,
                NodeScripts.of(NodeScripts.BASE, NodeScripts.JOURNAL) + "\nsciabc_turn=2\nsciabc_system="
                        + local.system() + "\n" + commands);
        return local.output("/bin/sh " + script + " " + journal);
    }
}
