// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.Requirement;

final class KeyStepTest {
    private static final String OURS = Samples.KEY.publicKey();
    private static final String THEIRS = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 alice@desk";

    @TempDir
    Path folder;

    private LocalNode local;
    private Path keys;
    private Rehearsal rehearsal;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        Files.createDirectories(local.home().resolve(".ssh"));
        Files.setPosixFilePermissions(local.home().resolve(".ssh"), PosixFilePermissions.fromString("rwx------"));
        keys = local.home().resolve(".ssh/authorized_keys");
        rehearsal = new Rehearsal(local, Samples.KEY);
    }

    @ParameterizedTest
    @CsvSource({
        "THEIRS\\n, THEIRS\\nOURS\\n",
        "THEIRS, THEIRS\\nOURS\\n",
        "THEIRS\\r\\n, THEIRS\\r\\nOURS\\r\\n",
        "'', OURS\\n",
        "# OURS\\n, # OURS\\nOURS\\n"
    })
    void theLineIsAppendedAndGoesAgain(String before, String after) throws Exception {
        Files.writeString(keys, text(before));
        List<String> snapshot = local.snapshot();

        assertThat(rehearsal.provision().why()).isEmpty();
        assertThat(Files.readString(keys)).isEqualTo(text(after));
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();

        assertThat(local.snapshot()).isEqualTo(snapshot);
    }

    @ParameterizedTest
    @CsvSource({"OURS\\n", "OURS", "OURS\\r\\n", "THEIRS\\r\\nOURS\\r\\n"})
    void aKeyThatIsThereIsNotAddedAgain(String there) throws Exception {
        Files.writeString(keys, text(there));
        assertThat(rehearsal.plan().isReady()).isTrue();
    }

    @Test
    void aKeyWithOptionsOfItsOwnIsLeftAsItIs() throws Exception {
        Files.writeString(keys, "from=\"10.0.0.*\",command=\"echo a b\" " + OURS + "\n");
        NodePlan plan = rehearsal.plan();
        assertThat(plan.isReady()).isTrue();
        assertThat(plan.present()).containsExactly("key (with options of its own)");
    }

    @Test
    void aSymbolicLinkStaysOne() throws Exception {
        Path real = Files.createDirectories(local.home().resolve("dotfiles")).resolve("keys");
        Files.writeString(real, THEIRS + "\n");
        Files.createSymbolicLink(keys, Path.of("../dotfiles/keys"));
        List<String> before = local.snapshot();

        rehearsal.provision();

        assertThat(keys).isSymbolicLink();
        assertThat(real).hasContent(THEIRS + "\n" + OURS + "\n");
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void aDanglingSymbolicLinkIsGivenItsFileAndLosesItAgain() throws Exception {
        Files.createSymbolicLink(keys, Path.of("elsewhere"));
        List<String> before = local.snapshot();
        rehearsal.provision();
        assertThat(local.home().resolve(".ssh/elsewhere")).hasContent(OURS);
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    /** What the owner adds later must not go with what a run that did not come to its end had noted. */
    @ParameterizedTest
    @ValueSource(strings = {"exit 1", "kill -9 $PPID"})
    void keysThatTheOwnerAddsAfterAFailureStay(String failure) throws Exception {
        Files.writeString(keys, THEIRS + "\n");
        local.with("mv", """
                case $* in *authorized_keys*) if [ -e "$HOME/../failing" ]; then %s; fi ;; esac
                PATH=${PATH#*:} exec mv "$@"
                """.formatted(failure));
        Files.writeString(folder.resolve("failing"), "");
        assertThat(rehearsal.provision().why()).isNotEmpty();
        Files.delete(folder.resolve("failing"));
        assertThat(rehearsal.provision().why()).isEmpty();
        Files.writeString(keys, Files.readString(keys) + "ssh-ed25519 AAAA bob@desk\n");

        assertThat(rehearsal.restore().failure()).isEmpty();

        assertThat(keys).hasContent(THEIRS + "\nssh-ed25519 AAAA bob@desk");
    }

    /** Nothing was changed, and the journal is there all the same. */
    @Test
    void noCopyOfTheFileStaysWhereSomethingFails() throws Exception {
        Files.writeString(keys, THEIRS + "\n");
        List<String> before = local.snapshot();
        local.with("mv", "case $* in *authorized_keys*) exit 1 ;; *) exec /bin/mv \"$@\" ;; esac\n");

        assertThat(rehearsal.provision().why()).isNotEmpty();

        assertThat(local.home().resolve(".ssh/authorized_keys.sciabc-new")).doesNotExist();
        assertThat(rehearsal.preview().undone()).isEmpty();
        assertThat(rehearsal.preview().hadJournal()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ssh-ed25519 AAAA bob@desk\n"})
    void aFileThatIsForReadingOnlyIsSoAfterwards(String added) throws Exception {
        Files.writeString(keys, THEIRS + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("r--------"));
        // Root, as whom tests may run, writes to anything.
        String noting = "stat -c %A \"$HOME/.ssh/authorized_keys.sciabc-new\" >>\"$HOME/../log/modes\" 2>/dev/null\n"
                + "PATH=${PATH#*:} exec ";
        local.with("awk", noting + "awk \"$@\"\n").with("tail", noting + "tail \"$@\"\n");

        assertThat(rehearsal.provision().why()).isEmpty();

        assertThat(keys).hasContent(THEIRS + "\n" + OURS);
        assertThat(mode(keys)).isEqualTo("r--------");
        Files.writeString(keys, Files.readString(keys) + added);
        assertThat(rehearsal.restore().failure()).isEmpty();
        assertThat(keys).hasContent(THEIRS + "\n" + added);
        assertThat(mode(keys)).isEqualTo("r--------");
        assertThat(local.log("modes")).isNotEmpty().allMatch(mode -> mode.startsWith("-rw"));
    }

    /** SELinux keeps sshd from reading a file that was made elsewhere and renamed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void securityContextsAreMendedWhereThereAreAny(int status) throws Exception {
        Files.writeString(keys, THEIRS + "\n");
        local.with("selinuxenabled", "exit 0\n");
        local.with("restorecon", "echo \"$*\" >>\"$HOME/../log/restorecon\"; exit " + status + "\n");

        assertThat(rehearsal.provision().why()).isEmpty();
        String folderAndFile = "-F -- " + local.home().resolve(".ssh") + " " + keys;
        assertThat(local.log("restorecon")).containsExactly(folderAndFile);
        assertThat(rehearsal.restore().isComplete()).isTrue();

        assertThat(local.log("restorecon")).containsExactly(folderAndFile, "-F -- " + keys);
    }

    @Test
    void permissionsThatSshdRefusesAreMendedAndComeBack() throws Exception {
        Files.writeString(keys, OURS + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(local.home(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(local.home().resolve(".ssh"), PosixFilePermissions.fromString("rwxrwxr-x"));
        List<String> before = local.snapshot();

        rehearsal.provision();

        assertThat(mode(keys)).isEqualTo("rw-r--r--");
        assertThat(mode(local.home())).isEqualTo("rwxr-xr-x");
        assertThat(mode(local.home().resolve(".ssh"))).isEqualTo("rwxr-xr-x");
        assertThat(rehearsal.plan().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "noted, rwxr-xr-x, rwx------, rwx------",
        "noted, rwxrwxr-x, rwx------, rwx------",
        "noted, rwxrwxr-x, rwxr-xr-x, rwxrwxr-x",
        "cut off, rwxr-xr-x, rwx------, rwx------",
        "cut off, rwxrwxr-x, rwx------, rwx------",
        "cut off, rwxrwxr-x, rwxr-xr-x, rwxrwxr-x"
    })
    void aHomeFolderThatItsOwnerHasClosedSinceStaysClosed(String noted, String before, String since, String then)
            throws Exception {
        Path folderOfKeys = local.home().resolve(".ssh");
        for (Path each : List.of(local.home(), folderOfKeys)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(before));
        }
        assertThat(rehearsal.provision().why()).isEmpty();
        if (noted.equals("cut off")) {
            Path entry = local.home().resolve(".local/state/sciabc/journal/0001");
            Files.delete(entry.resolve("after"));
            Files.delete(entry.resolve("done"));
        }
        for (Path each : List.of(local.home(), folderOfKeys)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(since));
        }

        Restored restored = rehearsal.restore();

        assertThat(mode(local.home())).isEqualTo(then);
        assertThat(mode(folderOfKeys)).isEqualTo(then);
        assertThat(restored.differences()).isEmpty();
        assertThat(restored.isComplete()).isTrue();
    }

    @Test
    void linesThatOthersAddedSinceStay() throws Exception {
        rehearsal.provision();
        Files.writeString(keys, OURS + "\n" + THEIRS + "\n");

        Restored restored = rehearsal.restore();

        assertThat(keys).hasContent(THEIRS + "\n");
        assertThat(restored.failure()).isEmpty();
        assertThat(restored.differences()).extracting(Difference::what).containsExactly(keys.toString());
    }

    @Test
    void aNewFileIsForItsOwnerAlone() throws Exception {
        Files.delete(local.home().resolve(".ssh"));
        rehearsal.provision();
        assertThat(mode(keys)).isEqualTo("rw-------");
        assertThat(mode(local.home().resolve(".ssh"))).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @CsvSource({"''", "THEIRS\\n", "THEIRS\\r\\n"})
    void addressesThatAKeyIsGoodFromAreReplacedAndComeBack(String before) throws Exception {
        Files.writeString(keys, text(before));
        List<String> snapshot = local.snapshot();
        Rehearsal first = new Rehearsal(local, goodFrom("10.0.0.1"));
        Rehearsal second = new Rehearsal(local, goodFrom("10.0.0.1,10.0.0.2"));

        first.provision();
        assertThat(second.plan().isReady()).isFalse();
        second.provision();

        assertThat(Files.readString(keys))
                .startsWith(text(before))
                .containsOnlyOnce("from=")
                .contains("from=\"10.0.0.1,10.0.0.2\" " + OURS);
        assertThat(second.plan().isReady()).isTrue();
        assertThat(second.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(snapshot);
    }

    @Test
    void aFolderOfKeysThatIsClosedTwiceIsAsOpenAsBefore() throws Exception {
        Path folderOfKeys = local.home().resolve(".ssh");
        Files.setPosixFilePermissions(folderOfKeys, PosixFilePermissions.fromString("rwxrwxr-x"));
        List<String> before = local.snapshot();
        rehearsal =
                new Rehearsal(local, Samples.KEY, new Requirement.Directory("~/.ssh", 0700, "nodes reach each other"));

        rehearsal.provision();

        assertThat(mode(folderOfKeys)).isEqualTo("rwx------");
        Restored restored = rehearsal.restore();
        assertThat(restored.differences()).isEmpty();
        assertThat(restored.isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    private static Requirement goodFrom(String addresses) {
        return new Requirement.AuthorizedKey("from=\"" + addresses + "\" " + OURS, "nodes reach each other");
    }

    private static String text(String pattern) {
        return pattern.replace("OURS", OURS)
                .replace("THEIRS", THEIRS)
                .replace("\\n", "\n")
                .replace("\\r", "\r");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
