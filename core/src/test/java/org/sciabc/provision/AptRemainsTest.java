// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What apt and dpkg leave when they are cut off. */
final class AptRemainsTest {
    private static final String OWN = "Package: own\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    private static final String STALE = "Package: stale\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    private static final String HALF = "Package: half\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    private static final String NEVER = "Package: never\nArchitecture: amd64\nAuto-Installed: 1\n\n";

    @TempDir
    Path folder;

    private Path marks;

    @BeforeEach
    void prepare() throws Exception {
        marks = folder.resolve("extended_states");
        Files.createDirectories(folder.resolve("entry"));
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void marksOfPackagesThatNeverCameAreForgottenAndNoOthers(String shell) throws Exception {
        Files.writeString(marks, OWN + STALE);
        run(shell, "marks_of_apt >\"$entry/marks\"");
        Files.writeString(marks, OWN + HALF + STALE + NEVER);

        run(shell, "forget_marks");

        assertThat(marks).hasContent(OWN + HALF + STALE);
        assertThat(folder.resolve("extended_states.sciabc-new")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void aListOfMarksThatWasNotThereGoesAgain(String shell) throws Exception {
        run(shell, "marks_of_apt >\"$entry/marks\"");
        Files.writeString(marks, NEVER);
        run(shell, "forget_marks");
        assertThat(marks).doesNotExist();
    }

    @Test
    void whatTheManagerHasSentServesToUnpackToTheEnd() throws Exception {
        Path sent = Files.createDirectories(folder.resolve("sent/packages"));
        Files.writeString(sent.resolve("0.deb"), "other");
        Files.writeString(sent.resolve("1.deb"), "half");
        String found = run("/bin/sh", "owner_of() { echo 0:0; }; package_file half; package_file absent");
        assertThat(found).isEqualTo(sent + "/1.deb\n\n");
    }

    @ParameterizedTest
    @CsvSource({"7:7, sent", "8:7, none"})
    void onlyWhatIsInAFolderOfTheLoginsOwnServes(String owner, String found) throws Exception {
        Path sent = Files.createDirectories(folder.resolve("sent/packages"));
        Files.writeString(sent.resolve("0.deb"), "half");

        String said = run("/bin/sh", "owner_of() { echo " + owner + "; }; id() { echo 7; }; package_file half");

        assertThat(said).isEqualTo(found.equals("sent") ? sent + "/0.deb\n" : "\n");
    }

    @Test
    void aLinkToAFolderOfTheLoginsOwnDoesNotServe() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("theirs/packages")).resolve("0.deb"), "half");
        Files.createSymbolicLink(folder.resolve("sent"), folder.resolve("theirs"));
        assertThat(run("/bin/sh", "owner_of() { echo 0:0; }; package_file half"))
                .isEqualTo("\n");
    }

    private String run(String shell, String command) throws Exception {
        LocalNode local = LocalNode.in(folder.resolve("node"), shell);
        local.with("dpkg-deb", "cat \"$2\"\n").with("apt-get", "exit 100\n");
        Path script = folder.resolve("script");
        Files.writeString(
                script,
                NodeScripts.of(NodeScripts.BASE, NodeScripts.PACKAGES, NodeScripts.JOURNAL)
                        + "\nset -e\nmanager=APT\ninstalled_packages() { printf '%s\\n' 'own 1' 'half:amd64 1'; }\n"
                        + "apt_marks=" + marks + "\nentry=" + folder.resolve("entry") + "\nsciabc_sent="
                        + folder.resolve("sent") + "\nsciabc_login=pi\nsciabc_system=" + folder.resolve("system")
                        + "\n" + command
                        + "\n");
        return local.output("/bin/sh " + script);
    }
}
