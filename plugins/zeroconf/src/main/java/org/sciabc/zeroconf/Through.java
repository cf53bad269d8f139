// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/** By what this machine speaks multicast DNS. */
enum Through {
    /** Avahi where its daemon runs and answers, the library in process otherwise. */
    AUTO,
    /** Avahi or not at all. */
    AVAHI,
    /** The library in process, whether or not a daemon runs. */
    LIBRARY;

    static final Setting SETTING = Setting.text(
            "through",
            "auto",
            "'avahi' through this machine's avahi-daemon, 'library' in process, 'auto' the former where it runs");

    private static final Path AVAHI_PROCESS = Path.of("avahi-daemon", "pid");

    static Through of(Settings settings) throws SciabcException {
        String given = settings.text(SETTING.key());
        for (Through through : values()) {
            if (through.word().equals(given)) {
                return through;
            }
        }
        throw new SciabcException(
                "setting 'zeroconf.through' cannot be '" + given + "'",
                "it takes " + Arrays.stream(values()).map(Through::word).collect(Collectors.joining(", ")),
                SETTING.help());
    }

    /**
     * Whether to try Avahi.
     *
     * @param runFolder where daemons keep what lasts as long as they do
     */
    boolean triesAvahi(Path runFolder) {
        return this == AVAHI || (this == AUTO && Files.exists(runFolder.resolve(AVAHI_PROCESS)));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
