// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.config.Configuration.Placed;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

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

    private final Path file;
    private final TomlTable root;

    private ConfigurationFile(Path file, TomlTable root) {
        this.file = file;
        this.root = root;
    }

    static Configuration read(Path file) throws CliFailure {
        TomlParseResult parsed = Toml.parse(text(file));
        if (parsed.hasErrors()) {
            TomlParseError first = parsed.errors().get(0);
            throw failure(file, first.position(), lowerFirst(String.valueOf(first.getMessage())));
        }
        return new ConfigurationFile(file, parsed).configuration();
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
        for (String key : root.keySet()) {
            if (!KEYS.contains(key)) {
                String nearest = KEYS.stream()
                        .min(Comparator.comparingInt(known -> Similarity.distance(key, known)))
                        .orElseThrow();
                throw failure(
                        file,
                        position(root, key),
                        "unknown key '" + Untrusted.line(key, 40) + "'; did you mean '" + nearest + "'?");
            }
        }
        return new Configuration(
                text("cluster"),
                texts("discovery"),
                text("provisioner"),
                text("launcher"),
                text("user"),
                slots(),
                texts("interfaces"),
                users(),
                settings());
    }

    private Optional<String> text(String key) throws CliFailure {
        Object value = root.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw failure(file, position(root, key), "'" + key + "' takes a text in quotes");
    }

    private List<String> texts(String key) throws CliFailure {
        Object value = root.get(List.of(key));
        if (value == null) {
            return List.of();
        }
        if (value instanceof String one) {
            return List.of(one);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof TomlArray array ? array.toList() : List.of(value)) {
            if (!(element instanceof String text)) {
                throw failure(file, position(root, key), "'" + key + "' takes texts in quotes, such as [\"a\", \"b\"]");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    private OptionalInt slots() throws CliFailure {
        Object value = root.get(List.of("slots"));
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value instanceof Long number && number >= 1 && number <= 65_536) {
            return OptionalInt.of(number.intValue());
        }
        throw failure(file, position(root, "slots"), "'slots' takes a whole number from 1 to 65536");
    }

    private Map<String, String> users() throws CliFailure {
        Map<String, String> users = new LinkedHashMap<>();
        TomlTable table = table(root, "users");
        for (String node : table.keySet()) {
            String user = String.valueOf(table.get(List.of(node)));
            if (Untrusted.user(user).isEmpty()) {
                throw failure(file, position(table, node), "'" + Untrusted.line(user, 40) + "' is not a user's name");
            }
            users.put(node, user);
        }
        return Map.copyOf(users);
    }

    private Map<String, Map<String, Placed>> settings() throws CliFailure {
        Map<String, Map<String, Placed>> settings = new LinkedHashMap<>();
        TomlTable components = table(root, "settings");
        for (String component : components.keySet()) {
            settings.put(component, placed(table(components, component)));
        }
        if (root.contains(List.of("watchdog"))) {
            settings.put("watchdog", placed(table(root, "watchdog")));
        }
        return Map.copyOf(settings);
    }

    private Map<String, Placed> placed(TomlTable table) throws CliFailure {
        Map<String, Placed> values = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            values.put(key, new Placed(plain(table, key), place(file, position(table, key))));
        }
        return Map.copyOf(values);
    }

    private String plain(TomlTable table, String key) throws CliFailure {
        Object value = table.get(List.of(key));
        if (value instanceof TomlArray array) {
            return String.join(",", array.toList().stream().map(String::valueOf).toList());
        }
        if (value instanceof TomlTable) {
            throw failure(
                    file, position(table, key), "'" + key + "' is a table; a setting is a text, number or true/false");
        }
        return String.valueOf(value);
    }

    private TomlTable table(TomlTable parent, String key) throws CliFailure {
        Object value = parent.get(List.of(key));
        if (value == null) {
            return Toml.parse("");
        }
        if (value instanceof TomlTable table) {
            return table;
        }
        throw failure(file, position(parent, key), "'" + key + "' is a table, as in [" + key + "]");
    }

    private static TomlPosition position(TomlTable table, String key) {
        TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? TomlPosition.positionAt(1, 1) : position;
    }

    private static CliFailure failure(Path file, TomlPosition position, String why) {
        return new CliFailure(
                ExitCode.CONFIGURATION,
                "cannot use the configuration",
                place(file, position) + ": " + Untrusted.line(why, 300),
                "");
    }

    private static CliFailure unreadable(Path file, String why) {
        return new CliFailure(ExitCode.CONFIGURATION, "cannot read the configuration " + file, why, "");
    }

    private static String place(Path file, TomlPosition position) {
        return file + ", line " + position.line() + ", column " + position.column();
    }

    private static String lowerFirst(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
