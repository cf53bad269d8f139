// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

class ThroughTest {
    @TempDir
    Path run;

    @Test
    void automaticallyAvahiIsTriedWhereItRuns() throws Exception {
        assertThat(Through.AUTO.triesAvahi(run)).isFalse();
        assertThat(Through.LIBRARY.triesAvahi(run)).isFalse();

        Path daemon = run.resolve("avahi-daemon-of-the-test");
        Files.copy(Path.of("/bin/sleep"), daemon, StandardCopyOption.COPY_ATTRIBUTES);
        Process process = new ProcessBuilder(daemon.toString(), "60").start();
        try {
            itsNumberIs(process.pid());
            assertThat(Through.AUTO.triesAvahi(run)).isTrue();
            assertThat(Through.LIBRARY.triesAvahi(run)).isFalse();
        } finally {
            process.destroy();
            process.waitFor();
        }
        assertThat(Through.AUTO.triesAvahi(run))
                .as("when it was killed and its number is still there")
                .isFalse();
    }

    @Test
    void anotherProgramWithTheNumberOfADaemonThatWasKilledIsNotTheDaemon() throws Exception {
        itsNumberIs(ProcessHandle.current().pid());
        assertThat(Through.AUTO.triesAvahi(run)).isFalse();
    }

    private void itsNumberIs(long number) throws IOException {
        Files.createDirectories(run.resolve("avahi-daemon"));
        Files.writeString(run.resolve("avahi-daemon").resolve("pid"), number + "\n");
    }

    @Test
    void anythingElseIsRefusedWithTheChoices() throws Exception {
        Settings settings = Settings.of(List.of(Through.SETTING), Map.of("through", "bonjour"));

        assertThatThrownBy(() -> Through.of(settings)).isInstanceOfSatisfying(SciabcException.class, refusal -> {
            assertThat(refusal.what()).isEqualTo("setting 'zeroconf.through' cannot be 'bonjour'");
            assertThat(refusal.why()).isEqualTo("it takes auto, avahi, library");
        });
    }
}
