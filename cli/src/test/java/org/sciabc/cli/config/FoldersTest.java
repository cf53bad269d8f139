// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    private Path folder;

    @Test
    void homeIsWhatTheEnvironmentSays() {
        Folders folders = Folders.of(Map.of("HOME", folder.toString()), Optional.empty());

        assertThat(folders.configuration()).isEqualTo(folder.resolve(".config/sciabc/config.toml"));
        assertThat(folders.state()).isEqualTo(folder.resolve(".local/state/sciabc"));
        assertThat(folders.userPlugins()).isEqualTo(folder.resolve(".local/share/sciabc/plugins"));
    }

    @Test
    void aHomeThatIsNoFolderOfThisAccountIsNotMeant() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path usual = Folders.of(Map.of(), Optional.empty()).state();

        for (String home : new String[] {
            "", "home", file.toString(), folder.resolve("none").toString(), others()
        }) {
            assertThat(Folders.of(Map.of("HOME", home), Optional.empty()).state())
                    .as(home)
                    .isEqualTo(usual);
        }
    }

    @Test
    void whatHoldsTheClustersIsMadeForItsOwnerAloneAndLeftAsItIsLater() throws Exception {
        Path state = folder.resolve("above/state");
        Folders folders =
                Folders.of(Map.of("SCIABC_HOME", folder.resolve("above").toString()), Optional.empty());

        folders.cluster("lab");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");

        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-x---"));
        folders.cluster("other");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwxr-x---");
    }

    /** A folder of another account: root can give one away, and to anybody else root's own belongs to another. */
    private String others() throws Exception {
        Path given = Files.createDirectory(folder.resolve("others"));
        try {
            Files.setAttribute(given, "unix:uid", 65_534);
            return given.toString();
        } catch (FileSystemException notRoot) {
            return "/";
        }
    }
}
