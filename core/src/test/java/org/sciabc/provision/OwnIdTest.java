// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Root reads an id from a file that belongs to somebody else. */
@Timeout(30)
final class OwnIdTest {
    private static final String ID = "0b7c1a52-9f64-4c5e-8d3a-6a1f0e2b7c99";

    @TempDir
    Path folder;

    private LocalNode local;
    private Path own;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
        own = Files.createDirectories(local.home().resolve(".local/state/sciabc"))
                .resolve("id");
        Files.createDirectories(local.system());
        Files.writeString(local.system().resolve("id"), "of-the-machine\n");
    }

    @ParameterizedTest
    @CsvSource({
        "echo " + ID + " >OWN, " + ID,
        "ln -s ../../../../log/secret OWN, of-the-machine",
        "mkfifo OWN, of-the-machine",
        "mkdir OWN, of-the-machine",
        "echo 'root:$6$salt$hash:19000:0:99999:7:::' >OWN, of-the-machine",
        "echo short >OWN, of-the-machine",
        "printf %070d 0 >OWN, of-the-machine",
        ": >OWN, of-the-machine"
    })
    void onlyWhatIsAnIdInAFileIsTold(String made, String told) throws Exception {
        Files.writeString(folder.resolve("log/secret"), "0123456789abcdef\n");
        new ProcessBuilder("/bin/sh", "-c", made.replace("OWN", own.toString()))
                .start()
                .waitFor();

        String said =
                local.output(NodeScripts.of(NodeScripts.BASE) + "\nsciabc_login=pi sciabc_account=pi sciabc_home=$HOME"
                        + "\nsciabc_system=" + local.system() + "\nown_id\n");

        assertThat(said).isEqualTo(told + "\n");
    }
}
