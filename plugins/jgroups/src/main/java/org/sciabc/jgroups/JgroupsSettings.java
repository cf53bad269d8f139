// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;

/**
 * How a group meets, and how long it waits for a silent member. All members of one cluster need the same.
 *
 * @param port the UDP port that the group meets at
 * @param secret opens the group; absent for one that is open to everybody
 * @param silence how long a member may be silent
 */
record JgroupsSettings(int port, Optional<Secret> secret, Duration silence) {
    static final List<Setting> DECLARED = List.of(
            Setting.optionalText(
                    "secret-file",
                    "a file whose first line is the cluster's secret: who has another one is not let in"),
            Setting.number("port", 34_344, "the UDP port of the group's multicast; the same on all machines"),
            Setting.duration("silence", Duration.ofSeconds(3), "how long a member may be silent, 1s to 1m"));

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(1);

    static JgroupsSettings parse(Settings settings) throws SciabcException {
        long port = settings.number("port");
        if (port < 1_024 || port > 65_535) {
            throw refused("port", "it takes 1024 to 65535");
        }
        Duration silence = settings.duration("silence");
        if (silence.compareTo(LEAST) < 0 || silence.compareTo(MOST) > 0) {
            throw refused("silence", "it takes 1s to 1m");
        }
        Optional<String> file = settings.optionalText("secret-file");
        Optional<Secret> secret = file.isPresent() ? Optional.of(SecretFile.read(file.get())) : Optional.empty();
        return new JgroupsSettings((int) port, secret, silence);
    }

    /** Where files of this machine are, for people who typed a path that begins with their home. */
    static Path path(String text) {
        return text.startsWith("~/") ? Path.of(System.getProperty("user.home", "/"), text.substring(2)) : Path.of(text);
    }

    private static SciabcException refused(String key, String why) {
        String help = DECLARED.stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::help)
                .findFirst()
                .orElse("");
        return new SciabcException("setting 'jgroups." + key + "' is out of range", why, help);
    }
}
