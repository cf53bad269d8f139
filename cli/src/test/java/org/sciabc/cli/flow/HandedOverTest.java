// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandedOverTest {
    @TempDir
    Path folder;

    private Path source;
    private Path handed;

    @BeforeEach
    void prepare() throws Exception {
        source = Files.writeString(folder.resolve("a_1_all.deb"), "new");
        handed = folder.resolve("hand/node1.files");
    }

    @Test
    void whatAnybodyMayReadIsLinkedAndStaysSo() throws Exception {
        fill();
        fill();
        assertThat(Files.isSameFile(handed.resolve("a_1_all.deb"), source)).isTrue();
        assertThat(names()).containsExactly("a_1_all.deb");
    }

    @Test
    void whatOnlyItsOwnerMayReadIsCopiedForEverybody() throws Exception {
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-------"));
        fill();
        Path copy = handed.resolve("a_1_all.deb");
        assertThat(Files.isSameFile(copy, source)).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void anEarlierFileIsReplacedAndOthersStay() throws Exception {
        Files.createDirectories(handed);
        Files.writeString(handed.resolve("a_1_all.deb"), "old");
        Files.writeString(handed.resolve("notes.txt"), "mine");
        fill();
        assertThat(handed.resolve("a_1_all.deb")).hasContent("new");
        assertThat(handed.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws Exception {
        Files.createDirectories(handed.getParent());
        Files.writeString(handed, "a file");
        assertThatThrownBy(this::fill).hasMessageContaining("cannot fill the folder " + handed);
    }

    private void fill() throws Exception {
        new HandedOver(handed).fill(Map.of("a_1_all.deb", source));
    }

    private String[] names() throws Exception {
        try (var files = Files.list(handed)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toArray(String[]::new);
        }
    }
}
