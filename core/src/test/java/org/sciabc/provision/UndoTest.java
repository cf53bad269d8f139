// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Requirement;

/** Undoing that does not go well at first. */
final class UndoTest {
    @TempDir
    Path folder;

    private LocalNode local;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
    }

    @Test
    void olderChangesOfWhatCouldNotBeUndoneWaitForIt() throws Exception {
        Path file = local.etc().resolve("node.conf");
        Files.writeString(file, "v0\n");
        List<String> before = local.snapshot();
        new Rehearsal(local, written("node.conf", "v1\n")).provision();
        Rehearsal rehearsal = new Rehearsal(local, written("node.conf", "v2\n"), written("other.conf", "x\n"));
        rehearsal.provision();
        local.with("cp", "case $* in *0002/content*) exit 1 ;; *) exec /bin/cp \"$@\" ;; esac\n");

        Restored failed = rehearsal.restore();

        assertThat(failed.failure()).isPresent();
        assertThat(file).hasContent("v2");
        assertThat(local.etc().resolve("other.conf")).doesNotExist();
        Files.delete(local.bin().resolve("cp"));
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void nothingMoreIsUndoneOnceItIsToEnd() throws Exception {
        Rehearsal rehearsal = new Rehearsal(local, written("a", "a\n"), written("b", "b\n"));
        rehearsal.provision();
        local.with("rm", "case $* in *etc/b) kill -TERM $PPID; sleep 5 ;; *) exec /bin/rm \"$@\" ;; esac\n");

        assertThat(rehearsal.restore().failure()).isPresent();

        assertThat(local.etc().resolve("a")).exists();
    }

    /** The journal is empty by then, or has another name. */
    @ParameterizedTest
    @ValueSource(strings = {"-f -- */accounts", "-rf -- */lib/sciabc.sciabc-new", "-rf -- */.local.sciabc-new"})
    void aRestorationThatWasCutOffAtItsEndIsFinishedByTheNext(String when) throws Exception {
        List<String> before = local.snapshot();
        Rehearsal rehearsal = new Rehearsal(local, written("a", "a\n"), Samples.KEY);
        rehearsal.provision();
        String pattern = when.replace(" ", "\\ ");
        local.with("rm", "case $* in " + pattern + ") kill -9 $PPID ;; *) exec /bin/rm \"$@\" ;; esac\n");
        assertThat(rehearsal.restore().isComplete()).isFalse();
        Files.delete(local.bin().resolve("rm"));
        assertThat(rehearsal.preview().hadJournal()).isTrue();

        assertThat(rehearsal.restore().failure()).isEmpty();

        assertThat(rehearsal.preview().hadJournal()).isFalse();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void whatPackagesMadeForThemselvesGoesInTheWordsOfBusyBoxToo(String shell) throws Exception {
        Path journal = withLeaving(shell);
        local.with("deluser", "echo \"$1\" >>\"$HOME/../log/deluser\"; : >\"$HOME/../accounts\"\n");

        assertThat(run(journal, "have() { false; }; remove_accounts && echo gone"))
                .isEqualTo("gone\n");

        assertThat(local.log("deluser")).containsExactly("rdma");
        assertThat(journal.resolve("leaving")).doesNotExist();
    }

    @Test
    void whatPackagesMadeForThemselvesIsNotForgottenWhereItStays() throws Exception {
        Path journal = withLeaving("/bin/sh");
        local.with("userdel", "echo 'userdel: user rdma is currently used by process 7' >&2; exit 8\n");

        assertThat(run(journal, "journal_undo"))
                .contains("is currently used by process 7\ncannot remove the user rdma\n")
                .endsWith("@sciabc undo accounts failed\n");

        assertThat(journal.resolve("leaving")).exists();
    }

    @Test
    void aServiceOfOpenRcThatWentWithItsPackageIsNotStopped() throws Exception {
        Path entry = Files.createDirectories(local.system().resolve("journal/0001"));
        Files.writeString(entry.resolve("kind"), "service\n");
        Files.writeString(entry.resolve("subject"), "sciabc-is-none\n");
        Files.writeString(entry.resolve("before"), "sciabc-is-none loaded disabled inactive\n");
        local.with("rc-service", "echo 'no such service' >&2; exit 1\n");

        String said = run(
                local.system().resolve("journal"), "init=openrc; entry=$journal/0001; set -e; undo_service; echo done");

        assertThat(said).isEqualTo("done\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"provision", "restore"})
    void whatIsChangedIsOnDiskBeforeTheJournalSaysSo(String act) throws Exception {
        Rehearsal rehearsal = new Rehearsal(local, written("a", "a\n"), Samples.KEY);
        if (act.equals("restore")) {
            rehearsal.provision();
        }
        local.with("sync", "for each; do echo \"$each\" >>\"$HOME/../log/sync\"; done\n");
        local.with("mv", "case $* in *undone*) echo \"$*\" >>\"$HOME/../log/sync\" ;; esac; exec /bin/mv \"$@\"\n");

        if (act.equals("provision")) {
            rehearsal.provision();
            assertThat(local.log("sync"))
                    .containsSubsequence(local.etc() + "/a", local.system() + "/journal/0001/done");
            assertThat(local.log("sync")).contains(local.home() + "/.ssh/authorized_keys", local.home() + "/.ssh");
        } else {
            rehearsal.restore();
            String journal = local.system() + "/journal";
            assertThat(local.log("sync"))
                    .containsSubsequence(local.etc().toString(), "-- " + journal + "/0001 " + journal + "/undone/0001");
        }
    }

    private Requirement written(String name, String content) {
        return new Requirement.FileContent(local.etc() + "/" + name, content, 0644, "it is needed");
    }

    private Path withLeaving(String shell) throws Exception {
        local = LocalNode.in(folder, shell);
        Path journal = Files.createDirectories(local.system().resolve("journal"));
        Files.writeString(journal.resolve("leaving"), "user rdma\ngroup sciabc-is-none\n");
        Files.writeString(folder.resolve("accounts"), "rdma\n");
        return journal;
    }

    private String run(Path journal, String commands) throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(
                script,
                NodeScripts.of(NodeScripts.BASE, NodeScripts.STATE, NodeScripts.JOURNAL, NodeScripts.UNDO)
                        + "\nsciabc_system=" + local.system() + "\njournal=" + journal + "\n" + commands + "\n");
        return local.output("/bin/sh " + script);
    }
}
