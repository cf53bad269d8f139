// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;

/**
 * What the configuration file says. Everything is optional: without a file, everything is empty.
 *
 * @param cluster the cluster
 * @param discovery the discovery backends, in order
 * @param provisioner how nodes are reached
 * @param launcher how jobs are run
 * @param user the account on nodes
 * @param slots the slots of every node
 * @param interfaces the names or ranges of the networks to use
 * @param users accounts by the node's name
 * @param settings for each component, its settings by key; those of the watchdog under {@code watchdog}
 * @param networks the network profiles, sorted by name
 */
public record Configuration(
        Optional<String> cluster,
        List<String> discovery,
        Optional<String> provisioner,
        Optional<String> launcher,
        Optional<String> user,
        OptionalInt slots,
        List<String> interfaces,
        Map<String, String> users,
        Map<String, Map<String, Placed>> settings,
        List<NetworkProfile> networks) {

    /**
     * A text together with where it was written.
     *
     * @param text the value
     * @param place such as {@code /home/pi/.config/sciabc/config.toml, line 3, column 1}
     */
    public record Placed(String text, String place) {}

    /** Nothing configured. */
    public static final Configuration EMPTY = new Configuration(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(),
            Map.of(),
            Map.of(),
            List.of());

    /**
     * Reads the configuration file where there is one.
     *
     * @throws CliFailure when it cannot be read or makes no sense, or when a file was named that does not exist
     */
    public static Configuration read(Folders folders) throws CliFailure {
        if (Files.exists(folders.configuration())) {
            return ConfigurationFile.read(folders.configuration());
        }
        if (folders.configurationWasNamed()) {
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot read the configuration " + folders.configuration(),
                    "there is no such file",
                    "--config names an existing file");
        }
        return EMPTY;
    }

    /** The same, with what a network profile says in place of what holds elsewhere. */
    public Configuration on(NetworkProfile profile) {
        Map<String, Map<String, Placed>> both = new LinkedHashMap<>(settings);
        profile.settings().forEach((component, there) -> {
            Map<String, Placed> merged = new LinkedHashMap<>(settings.getOrDefault(component, Map.of()));
            merged.putAll(there);
            both.put(component, Map.copyOf(merged));
        });
        return new Configuration(
                profile.cluster().or(() -> cluster),
                profile.discovery().isEmpty() ? discovery : profile.discovery(),
                provisioner,
                launcher,
                user,
                slots,
                profile.interfaces().isEmpty() ? interfaces : profile.interfaces(),
                users,
                Map.copyOf(both),
                networks);
    }
}
