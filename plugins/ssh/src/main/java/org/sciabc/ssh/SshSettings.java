// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/**
 * The settings of this plugin.
 *
 * @param identity a private key to log in with, besides the cluster's own
 * @param userKeys whether the person's own keys are tried
 * @param patience how long a node may be silent while it should say something
 * @param keepOpen how long a launcher's connections stay open for the next launch; zero for not at all
 */
record SshSettings(Optional<Path> identity, boolean userKeys, Duration patience, Duration keepOpen) {
    private static final String IDENTITY = "identity";
    private static final String USER_KEYS = "user-keys";
    private static final String SILENCE = "longest-silence";
    private static final String KEEP_OPEN = "keep-open";
    private static final String MUTUAL = "mutual";
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);

    /** Whether connections of a launcher stay open for the next launch. */
    boolean keepsOpen() {
        return keepOpen.compareTo(Duration.ZERO) > 0;
    }

    static List<Setting> declarations() {
        return List.of(
                Setting.optionalText(IDENTITY, "file with an unencrypted private key to log in with"),
                Setting.flag(USER_KEYS, true, "try the keys of your ssh-agent and of ~/.ssh as well"),
                Setting.duration(
                        SILENCE, Duration.ofSeconds(20), "after how long without a sign of life a node is given up"),
                Setting.flag(MUTUAL, false, "make nodes ready to reach each other, with a key of their own"),
                Setting.duration(
                        KEEP_OPEN,
                        Duration.ofMinutes(10),
                        "how long a launcher's connections stay open, unused, for the next launch; 0s for not at all"));
    }

    /** Whether nodes are to reach each other: a matter of provisioning alone. */
    static boolean areMutual(Settings settings) {
        return settings.flag(MUTUAL);
    }

    static SshSettings of(Settings settings) {
        Duration patience = settings.duration(SILENCE);
        String identity = settings.optionalText(IDENTITY).orElse("");
        return new SshSettings(
                identity.isBlank() ? Optional.empty() : Optional.of(Path.of(identity)),
                settings.flag(USER_KEYS),
                patience.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : patience,
                settings.duration(KEEP_OPEN));
    }
}
