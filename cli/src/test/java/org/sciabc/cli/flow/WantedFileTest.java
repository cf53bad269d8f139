// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WantedFileTest {

    @Test
    void whatRootRunsMustBeRoots(@TempDir Path folder) throws Exception {
        Path distribution = folder.toRealPath().resolve("sciabc");
        Files.createDirectories(distribution.resolve("bin"));
        Path script = Files.createFile(distribution.resolve("bin/sciabc"));
        int owner = (int) Files.getAttribute(script, "unix:uid");

        assertThatThrownBy(() -> WantedFile.requireOwner(owner + 1, distribution, Optional.empty()))
                .hasMessageContaining("cannot install the announcement")
                .hasMessageContaining(script + " does not belong to root alone");
    }

    @Test
    void whatBelongsToRootAllTheWayWillDo() {
        assertThatCode(() -> WantedFile.requireOwner(0, Path.of("/nowhere"), Optional.of(Path.of("/usr"))))
                .doesNotThrowAnyException();
    }

    @Test
    void aJavaThatSystemdWouldNotFindIsNamed() {
        Map<String, String> none = Map.of();

        assertThat(WantedFile.javaHome(none, "/usr/lib/jvm/java-17")).isEmpty();
        assertThat(WantedFile.javaHome(none, "/opt/java")).contains("/opt/java");
        String running = System.getProperty("java.home");
        assertThat(WantedFile.javaHome(Map.of("JAVA_HOME", running), running)).contains(running);
        assertThat(WantedFile.javaHome(Map.of("JAVA_HOME", "/opt/removed"), "/usr/lib/jvm/java-17"))
                .isEmpty();
    }
}
