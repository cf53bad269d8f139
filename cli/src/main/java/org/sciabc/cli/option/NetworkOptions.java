// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;

/** Which networks and which settings of plugins are used. */
@Parameters(separators = "=")
public final class NetworkOptions {
    @Parameter(
            names = "--interface",
            description = "NAME|CIDR | use this network only, such as eth0 or 10.0.3.0/24 (may be repeated)")
    private List<String> interfaces = new ArrayList<>();

    @ParametersDelegate
    private ProfileOption profile = new ProfileOption();

    @Parameter(
            names = "--set",
            splitter = Whole.class,
            description = "PLUGIN.KEY=VALUE | a setting of a plugin (may be repeated; 'sciabc plugins' lists them)")
    private List<String> settings = new ArrayList<>();

    private final Set<String> unused = new HashSet<>();

    /** No network named, and this profile, if any. */
    static NetworkOptions in(ProfileOption profile) {
        NetworkOptions options = new NetworkOptions();
        options.profile = profile;
        return options;
    }

    /** No network named, and these settings, each as {@code PLUGIN.KEY=VALUE}. */
    public static NetworkOptions withSettings(List<String> settings) {
        NetworkOptions options = new NetworkOptions();
        options.settings = List.copyOf(settings);
        return options;
    }

    /** The networks, where they were named. */
    public List<String> interfaces() {
        return interfaces;
    }

    /** The network profile, where it was named. */
    public Optional<String> profile() {
        return profile.name();
    }

    /** Takes it that this command does not use the settings of that component; returns whether that is news. */
    public boolean noteUnused(String component) {
        return unused.add(component);
    }

    /** The settings that were given, by component and key. */
    public Map<String, Map<String, String>> settings() throws CliFailure {
        Map<String, Map<String, String>> byComponent = new LinkedHashMap<>();
        for (String given : settings) {
            int equals = given.indexOf('=');
            int dot = given.indexOf('.');
            if (dot < 1 || equals < dot + 2) {
                throw CliFailure.usage(
                        "--set cannot be '" + given + "'",
                        "it takes PLUGIN.KEY=VALUE",
                        "for example --set zeroconf.through=library");
            }
            byComponent
                    .computeIfAbsent(given.substring(0, dot), component -> new LinkedHashMap<>())
                    .put(given.substring(dot + 1, equals), given.substring(equals + 1));
        }
        return byComponent;
    }
}
