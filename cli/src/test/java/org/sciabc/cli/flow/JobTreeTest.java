// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.provision.CopyTree.Entry;
import org.sciabc.spi.SciabcException;

class JobTreeTest {
    @TempDir
    private Path folder;

    private Path here;
    private JobTree tree;

    @BeforeEach
    void begin() throws IOException {
        here = Files.createDirectory(folder.resolve("here"));
        tree = new JobTree(here);
    }

    @Test
    void twoFilesThatWouldBecomeOneAreRefused() throws Exception {
        tree.add(file("one/data.csv"));

        assertThatThrownBy(() -> tree.add(file("two/data.csv")))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining(
                        "cannot copy " + folder.resolve("two/data.csv") + ": it and " + folder.resolve("one/data.csv"))
                .hasMessageContaining("would both become data.csv");
    }

    @Test
    void aFileAndAFolderOfOneNameAreRefused() throws Exception {
        tree.add(file("one/data"));
        file("two/data/a");

        assertThatThrownBy(() -> tree.add(folder.resolve("two/data"))).isInstanceOf(SciabcException.class);
    }

    @Test
    void whatIsNamedTwiceAndWhatIsInAFolderThatIsNamedComeOnce() throws Exception {
        Path data = file("here/data/a");
        tree.add(data);
        tree.add(folder.resolve("here/data"));
        tree.add(data);

        assertThat(tree.tree().entries()).extracting(Entry::name).containsExactly("data", "data/a");
    }

    @Test
    void theContentsOfFoldersOfOneNameBecomeOne() throws Exception {
        file("one/data/a");
        file("two/data/b");
        tree.add(folder.resolve("one/data"));
        tree.add(folder.resolve("two/data"));

        assertThat(tree.tree().entries()).extracting(Entry::name).containsExactly("data", "data/a", "data/b");
    }

    @Test
    void aProgramThatWasCompiledTakesThePlaceOfAnOlderOne() throws Exception {
        tree.add(file("here/heat"));
        Path built = file("build/heat");
        tree.addBuilt(built, "heat");

        assertThat(tree.tree().entries()).extracting(Entry::local).containsExactly(built);
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, "");
    }
}
