// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrteFolderTest {
    @TempDir
    private Path state;

    private PrteFolder folder;

    @BeforeEach
    void make() throws Exception {
        folder = PrteFolder.in(state);
    }

    @Test
    void oneJobAtATimeHasIt() throws Exception {
        assertThat(folder.claim()).isTrue();
        assertThat(folder.claim()).isFalse();

        folder.release();
        assertThat(folder.claim()).isTrue();
    }

    @Test
    void aJobThatIsDeadHasItNoMore() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(folder.path().resolve("job"), Long.toString(dead.pid()));

        assertThat(folder.claim()).isTrue();
    }

    @Test
    void anotherProgramUnderItsNumberIsNotIt() throws Exception {
        long own = ProcessHandle.current().pid();
        Files.writeString(folder.path().resolve("uri"), "prte-host-" + own + "@0.0;tcp4://127.0.0.1:1\n");

        assertThat(folder.process()).isEmpty();
        assertThat(folder.state()).isEmpty();
    }

    @Test
    void whatIsForgottenIsGoneAlsoWhenAJobLetsGoOfItLater() throws Exception {
        folder.claim();
        folder.forget();
        folder.release();

        assertThat(folder.path()).doesNotExist();
    }
}
