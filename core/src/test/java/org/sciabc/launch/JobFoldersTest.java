// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    @EnabledOnOs(OS.LINUX)
    void whoeverLooksDoesNotOpenWhatThisProcessHolds() throws Exception {
        try (JobFolders.Held folder = folders.another()) {
            folder.on(List.of("node1"));
            Path file =
                    state.resolve("job-folders").resolve(Path.of(folder.path()).getFileName());

            new JobFolders(state).left();

            assertThat(timesOpen(file.toRealPath())).isEqualTo(1);
        }
    }

    @Test
    void whatWasLeftCanBeTakenAgainOnceItIsLetGo() throws Exception {
        try (JobFolders.Held folder = folders.another()) {
            folder.on(List.of("node1"));
        }
        folders.left().forEach(JobFolders.Held::close);

        List<JobFolders.Held> left = folders.left();

        assertThat(left).hasSize(1);
        assertThat(folders.left()).isEmpty();
        left.forEach(JobFolders.Held::close);
    }

    private static int timesOpen(Path file) throws IOException {
        int times = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                // The one of this stream is gone when somebody looks at it later.
                boolean isOpen = Files.exists(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(file);
                times += isOpen ? 1 : 0;
            }
        }
        return times;
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
