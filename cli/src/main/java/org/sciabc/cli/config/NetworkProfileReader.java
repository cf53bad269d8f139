// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.config.NetworkProfile.Conditions;
import org.sciabc.spi.Subnet;
import org.sciabc.spi.Untrusted;
import org.tomlj.TomlTable;

/** Reads the tables {@code [network.NAME]} of the configuration file. */
final class NetworkProfileReader {
    private static final Set<String> KEYS =
            Set.of("cidr", "gateway", "wifi", "cluster", "discovery", "interfaces", "settings");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
    private static final int LONGEST_WIFI_NAME = 32;

    private final String name;
    private final ConfigurationTable table;
    private final String place;

    private NetworkProfileReader(String name, ConfigurationTable table, String place) {
        this.name = name;
        this.table = table;
        this.place = place;
    }

    /** The profiles, sorted by name: which of them applies does not depend on their order. */
    static List<NetworkProfile> read(ConfigurationTable networks) throws CliFailure {
        List<NetworkProfile> profiles = new ArrayList<>();
        for (String name : networks.keys().stream().sorted().toList()) {
            if (!(networks.value(name).orElse("") instanceof TomlTable)) {
                throw networks.failure(
                        name,
                        "'" + Untrusted.line(name, 40)
                                + "' is not a network profile: each has a name, as in [network.home]");
            }
            if (!NAME.matcher(name).matches() || name.equals(NetworkProfile.NONE)) {
                throw networks.failure(
                        name,
                        "a network profile cannot be called '" + Untrusted.line(name, 40)
                                + "': its name has at most 32 letters, digits, hyphens and underscores, and is not '"
                                + NetworkProfile.NONE + "'");
            }
            profiles.add(new NetworkProfileReader(name, networks.table(name), networks.place(name)).profile());
        }
        return List.copyOf(profiles);
    }

    private NetworkProfile profile() throws CliFailure {
        table.allowOnly(KEYS);
        Conditions when = new Conditions(
                each("cidr", NetworkProfileReader::cidr, "is not a network such as 10.0.3.0/24"),
                each("gateway", GatewayName::parse, "is not the address of a gateway, nor its hardware address"),
                each("wifi", NetworkProfileReader::wifi, "is not the name of a Wi-Fi"));
        return new NetworkProfile(
                name,
                place,
                when,
                cluster(table),
                table.texts("discovery"),
                table.texts("interfaces"),
                table.settings("settings"));
    }

    /** The cluster that a table names. */
    static Optional<String> cluster(ConfigurationTable table) throws CliFailure {
        Optional<String> cluster = table.text("cluster");
        if (cluster.isPresent() && !NAME.matcher(cluster.get()).matches()) {
            throw table.failure(
                    "cluster",
                    "a cluster cannot be called '" + Untrusted.line(cluster.get(), 40)
                            + "': its name has at most 32 letters, digits, hyphens and underscores");
        }
        return cluster;
    }

    private <T> List<T> each(String key, Function<String, Optional<T>> parse, String complaint) throws CliFailure {
        List<T> values = new ArrayList<>();
        for (String text : table.texts(key)) {
            values.add(parse.apply(text)
                    .orElseThrow(() -> table.failure(key, "'" + Untrusted.line(text, 60) + "' " + complaint)));
        }
        if (values.isEmpty() && table.value(key).isPresent()) {
            throw table.failure(key, "'" + key + "' is empty");
        }
        return List.copyOf(values);
    }

    private static Optional<Subnet> cidr(String text) {
        return text.contains("/") ? Subnet.parse(text) : Optional.empty();
    }

    private static Optional<String> wifi(String text) {
        return text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST_WIFI_NAME
                ? Optional.empty()
                : Optional.of(text);
    }
}
