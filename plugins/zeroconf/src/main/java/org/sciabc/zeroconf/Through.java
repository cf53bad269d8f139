// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
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
        return this == AVAHI || (this == AUTO && isAlive(runFolder.resolve(AVAHI_PROCESS)));
    }

    /** A daemon that was killed leaves its number behind, which may be another program's by now. */
    private static boolean isAlive(Path file) {
        try {
            long number = Long.parseLong(Files.readString(file).strip());
            return ProcessHandle.of(number)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> isAvahi(process.pid()))
                    .isPresent();
        } catch (IOException | NumberFormatException noDaemon) {
            return false;
        }
    }

    /** What the process is called; where that cannot be told, it is believed to be what it says. */
    private static boolean isAvahi(long number) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(number), "comm"))
                    .startsWith("avahi-daemon");
        } catch (IOException hidden) {
            return true;
        }
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
