// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFoldersTest {
    @TempDir
    private Path state;

    private JobFolders folders;

    @BeforeEach
    void begin() {
        folders = new JobFolders(state);
    }

    @Test
    void whatIsOnNodesIsFoundByTheNextOne() throws Exception {
        String path;
        try (JobFolders.Held folder = folders.another()) {
            folder.on(List.of("node1", "node2"));
            folder.on(List.of("node3"));
            folder.goneFrom(List.of("node2"));
            path = folder.path();
        }

        List<JobFolders.Held> left = folders.left();

        assertThat(left).singleElement().satisfies(folder -> {
            assertThat(folder.path()).isEqualTo(path).matches("/tmp/sciabc-job-[0-9a-f]{16}");
            assertThat(folder.nodes()).containsExactlyInAnyOrder("node1", "node3");
        });
        left.forEach(JobFolders.Held::close);
    }

    @Test
    void whatSomebodyHoldsIsNotTaken() throws Exception {
        try (JobFolders.Held folder = folders.another()) {
            folder.on(List.of("node1"));

            assertThat(folders.left()).isEmpty();
        }
    }

    @Test
    void nothingIsKeptOfWhatIsNowhere() throws Exception {
        try (JobFolders.Held folder = folders.another()) {
            folder.on(List.of("node1"));
            folder.goneFrom(List.of("node1"));
        }

        try (Stream<Path> files = Files.list(state.resolve("job-folders"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aJobThatBringsNothingWritesNothing() {
        folders.another().close();

        assertThat(state).isEmptyDirectory();
    }

    @Test
    void whatIsCalledOtherwiseIsNoFolderOfAJob() throws Exception {
        Path place = Files.createDirectories(state.resolve("job-folders"));
        Files.writeString(place.resolve("sciabc-job-.."), "node1\n");
        Files.writeString(place.resolve("home"), "node1\n");

        assertThat(folders.left()).isEmpty();
    }
}
