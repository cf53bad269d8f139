// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.Settings;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;

/**
 * What to sweep, and how hard.
 *
 * @param networks the networks that a person has named or agreed to; empty when nobody has
 * @param port where SSH servers listen
 * @param mostAddresses the size of a sweep that needs no second thought
 * @param rate connections begun in a second
 * @param patience how long an address may take to accept a connection
 * @param every the rhythm of a watch
 */
record SweepSettings(List<Subnet> networks, int port, long mostAddresses, int rate, Duration patience, Duration every) {
    static final List<Setting> DECLARED = List.of(
            Setting.list("networks", "the networks to sweep, such as 10.0.3.0/24; naming them is agreeing to it"),
            Setting.number("port", 22, "the port where SSH servers listen"),
            Setting.number("most-addresses", 4_096, "the most addresses that are swept; 4096 is a /20"),
            Setting.number("rate", 1_000, "connections begun in a second, 1 to 10000"),
            Setting.duration(
                    "patience", Duration.ofMillis(1_400), "how long an address may take to accept a connection"),
            Setting.duration("every", Duration.ofSeconds(30), "how often a watch sweeps again, 1s to 24h"));

    /** A sweep of IPv4 at a rate that a network survives would take an hour; nobody waits for more. */
    private static final long MOST = 1L << 20;

    SweepSettings {
        networks = List.copyOf(networks);
    }

    static SweepSettings parse(Settings settings) throws SciabcException {
        Duration patience = settings.duration("patience");
        if (patience.compareTo(Duration.ofMillis(50)) < 0 || patience.compareTo(Duration.ofMinutes(1)) > 0) {
            throw refused("patience", "it takes 50ms to 1m");
        }
        Duration every = settings.duration("every");
        if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
            throw refused("every", "it takes 1s to 24h");
        }
        return new SweepSettings(
                networks(settings.list("networks")),
                (int) number(settings, "port", 65_535),
                number(settings, "most-addresses", MOST),
                (int) number(settings, "rate", 10_000),
                patience,
                every);
    }

    private static List<Subnet> networks(List<String> texts) throws SciabcException {
        List<Subnet> networks = new ArrayList<>();
        for (String text : texts) {
            networks.add(Subnet.parse(text)
                    .orElseThrow(() -> new SciabcException(
                            "setting 'sweep.networks' cannot be '" + Untrusted.line(text, 60) + "'",
                            "it takes networks as ADDRESS/PREFIX",
                            "for example --set sweep.networks=10.0.3.0/24")));
        }
        return networks.stream().distinct().toList();
    }

    private static long number(Settings settings, String key, long most) throws SciabcException {
        long number = settings.number(key);
        if (number < 1 || number > most) {
            throw refused(key, "it takes 1 to " + most);
        }
        return number;
    }

    private static SciabcException refused(String key, String why) {
        String help = DECLARED.stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::help)
                .findFirst()
                .orElse("");
        return new SciabcException("setting 'sweep." + key + "' is out of range", why, help);
    }
}
