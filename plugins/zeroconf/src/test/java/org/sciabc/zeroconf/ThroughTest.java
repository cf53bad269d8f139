// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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

        Files.createDirectories(run.resolve("avahi-daemon"));
        Files.writeString(run.resolve("avahi-daemon").resolve("pid"), "1");
        assertThat(Through.AUTO.triesAvahi(run)).isTrue();
        assertThat(Through.LIBRARY.triesAvahi(run)).isFalse();
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
