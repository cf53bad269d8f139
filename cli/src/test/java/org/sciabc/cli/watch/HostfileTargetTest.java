// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.CliFailure;
import org.sciabc.launch.HostfileDialect;

class HostfileTargetTest {

    @Test
    void withoutAFormatTheLauncherDecides() throws CliFailure {
        assertThat(HostfileTarget.of(List.of("a"), List.of()))
                .containsExactly(new HostfileTarget(Path.of("a"), Optional.empty()));
    }

    @Test
    void oneFormatIsForAllFiles() throws CliFailure {
        assertThat(HostfileTarget.of(List.of("a", "b"), List.of("plain")))
                .extracting(HostfileTarget::dialect)
                .containsExactly(Optional.of(HostfileDialect.PLAIN), Optional.of(HostfileDialect.PLAIN));
    }

    @Test
    void asManyFormatsAsFilesGoTogetherInOrder() throws CliFailure {
        assertThat(HostfileTarget.of(List.of("a", "b"), List.of("plain", "ssh-config")))
                .containsExactly(
                        new HostfileTarget(Path.of("a"), Optional.of(HostfileDialect.PLAIN)),
                        new HostfileTarget(Path.of("b"), Optional.of(HostfileDialect.SSH_CONFIG)));
    }

    @Test
    void anythingElseIsRefused() {
        refused(List.of("a", "b", "c"), List.of("plain", "mpich"), "2 --format for 3 --hostfile");
        refused(List.of(), List.of("plain"), "there is no file to write as 'plain'");
        refused(List.of("a"), List.of("ansable"), "--format cannot be 'ansable'");
        refused(List.of("a", "./a"), List.of(), "one file is named twice");
        refused(List.of("/dev/null"), List.of(), "--hostfile cannot be '/dev/null'");
        refused(List.of("/"), List.of(), "it is a folder");
    }

    private static void refused(List<String> files, List<String> formats, String message) {
        assertThatThrownBy(() -> HostfileTarget.of(files, formats))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining(message);
    }
}
