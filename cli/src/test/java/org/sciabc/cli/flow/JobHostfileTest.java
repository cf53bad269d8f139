// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobHostfileTest {
    @TempDir
    Path state;

    @Test
    void whatALauncherIsAboutToReadIsNotReplacedByThatOfAnother() throws Exception {
        Path one = JobHostfile.of(state, "10.0.0.1 slots=1\n");
        Path other = JobHostfile.of(state, "10.0.0.2 slots=1\n");
        assertThat(one).hasContent("10.0.0.1 slots=1\n");
        assertThat(other).hasContent("10.0.0.2 slots=1\n");
    }

    @Test
    void theSameNodesHaveOneFile() throws Exception {
        Path first = JobHostfile.of(state, "a\n");
        assertThat(JobHostfile.of(state, "a\n")).isEqualTo(first);
    }

    @Test
    void listsThatLookAlikeToAHashAreToldApart() throws Exception {
        assertThat("Aa").hasSameHashCodeAs("BB");
        Path one = JobHostfile.of(state, "Aa");
        Path other = JobHostfile.of(state, "BB");
        assertThat(one).hasContent("Aa");
        assertThat(other).hasContent("BB");
        assertThat(JobHostfile.of(state, "BB")).isEqualTo(other);
    }

    @Test
    void aFileThatSomebodyHasChangedIsNotUsed() throws Exception {
        Path changed = JobHostfile.of(state, "a\n");
        Files.writeString(changed, "b\n");
        assertThat(JobHostfile.of(state, "a\n")).hasContent("a\n").isNotEqualTo(changed);
    }

    @Test
    void listsOfLongAgoGoWhenThereAreMany() throws Exception {
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(30)));
        Path used = JobHostfile.of(state, "used\n");
        for (int number = 0; number < 110; number++) {
            Files.setLastModifiedTime(JobHostfile.of(state, number + "\n"), longAgo);
        }
        Files.setLastModifiedTime(used, longAgo);
        assertThat(JobHostfile.of(state, "used\n")).isEqualTo(used);
        Path last = JobHostfile.of(state, "last\n");
        try (Stream<Path> left = Files.list(last.resolveSibling("."))) {
            assertThat(left.map(Path::getFileName))
                    .contains(used.getFileName(), last.getFileName())
                    .hasSizeLessThan(20);
        }
    }
}
