// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.config.Configuration.Placed;
import org.sciabc.spi.Untrusted;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads {@code config.toml}; each error says file, line and column. */
final class ConfigurationFile {
    private static final Set<String> KEYS = Set.of(
            "cluster",
            "discovery",
            "provisioner",
            "launcher",
            "user",
            "slots",
            "interfaces",
            "users",
            "settings",
            "network",
            "watchdog");
    private static final long LARGEST_BYTES = 1 << 20;

    private final ConfigurationTable root;

    private ConfigurationFile(ConfigurationTable root) {
        this.root = root;
    }

    static Configuration read(Path file) throws CliFailure {
        TomlParseResult parsed = Toml.parse(text(file));
        if (parsed.hasErrors()) {
            TomlParseError first = parsed.errors().get(0);
            throw ConfigurationTable.failureAt(
                    ConfigurationTable.place(file, first.position()), lowerFirst(String.valueOf(first.getMessage())));
        }
        return new ConfigurationFile(new ConfigurationTable(file, parsed)).configuration();
    }

    private static String text(Path file) throws CliFailure {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw unreadable(file, "it is larger than a mebibyte");
            }
            return Files.readString(file);
        } catch (CharacterCodingException notText) {
            throw unreadable(file, "it is not UTF-8 text");
        } catch (IOException refused) {
            throw unreadable(file, Files.isDirectory(file) ? "it is a folder" : "you may not read it");
        }
    }

    private Configuration configuration() throws CliFailure {
        root.allowOnly(KEYS);
        return new Configuration(
                NetworkProfileReader.cluster(root),
                root.texts("discovery"),
                root.text("provisioner"),
                root.text("launcher"),
                user(),
                slots(),
                root.texts("interfaces"),
                users(),
                settings(),
                NetworkProfileReader.read(root.table("network")));
    }

    private OptionalInt slots() throws CliFailure {
        Object value = root.value("slots").orElse(1L);
        if (value instanceof Long number && number >= 1 && number <= 65_536) {
            return root.value("slots").isPresent() ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
        }
        throw root.failure("slots", "'slots' takes a whole number from 1 to 65536");
    }

    private Optional<String> user() throws CliFailure {
        Optional<String> user = root.text("user");
        if (user.isPresent() && Untrusted.user(user.get()).isEmpty()) {
            throw root.failure(
                    "user",
                    "'" + Untrusted.line(user.get(), 40)
                            + "' is not a user's name; [users] is for the accounts of single nodes");
        }
        return user;
    }

    private Map<String, String> users() throws CliFailure {
        Map<String, String> users = new LinkedHashMap<>();
        ConfigurationTable table = root.table("users");
        for (String node : table.keys()) {
            String user = String.valueOf(table.value(node).orElse(""));
            if (Untrusted.user(user).isEmpty()) {
                throw table.failure(node, "'" + Untrusted.line(user, 40) + "' is not a user's name");
            }
            users.put(node, user);
        }
        return Map.copyOf(users);
    }

    private Map<String, Map<String, Placed>> settings() throws CliFailure {
        Map<String, Map<String, Placed>> settings = new LinkedHashMap<>(root.settings("settings"));
        if (root.value("watchdog").isPresent()) {
            if (settings.containsKey("watchdog")) {
                throw root.failure("watchdog", "[watchdog] and [settings.watchdog] are the same; write one of them");
            }
            settings.put("watchdog", root.table("watchdog").placed());
        }
        return Map.copyOf(settings);
    }

    private static CliFailure unreadable(Path file, String why) {
        return new CliFailure(ExitCode.CONFIGURATION, "cannot read the configuration " + file, why, "");
    }

    private static String lowerFirst(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
