// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.config.Configuration.Placed;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of the configuration file, read with suspicion: each error says file, line and column. */
final class ConfigurationTable {
    private final Path file;
    private final TomlTable table;

    ConfigurationTable(Path file, TomlTable table) {
        this.file = file;
        this.table = table;
    }

    Set<String> keys() {
        return table.keySet();
    }

    /** Refuses every other key, naming the nearest known one. */
    void allowOnly(Set<String> known) throws CliFailure {
        for (String key : keys()) {
            if (!known.contains(key)) {
                String nearest = known.stream()
                        .sorted()
                        .min(Comparator.comparingInt(each -> Similarity.distance(key, each)))
                        .orElseThrow();
                throw failure(key, "unknown key '" + shown(key) + "'; did you mean '" + nearest + "'?");
            }
        }
    }

    Optional<Object> value(String key) {
        return Optional.ofNullable(table.get(List.of(key)));
    }

    Optional<String> text(String key) throws CliFailure {
        Optional<Object> value = value(key);
        if (value.isPresent() && !(value.get() instanceof String)) {
            throw failure(key, "'" + shown(key) + "' takes a text in quotes");
        }
        return value.map(String.class::cast);
    }

    /** One text, or an array of them. */
    List<String> texts(String key) throws CliFailure {
        Object value = value(key).orElse("");
        if (value instanceof String one) {
            return one.isEmpty() ? List.of() : List.of(one);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof TomlArray array ? array.toList() : List.of(value)) {
            if (!(element instanceof String text)) {
                throw failure(key, "'" + shown(key) + "' takes texts in quotes, such as [\"a\", \"b\"]");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** The table below this key; an empty one when there is none. */
    ConfigurationTable table(String key) throws CliFailure {
        Object value = value(key).orElseGet(() -> Toml.parse(""));
        if (value instanceof TomlTable below) {
            return new ConfigurationTable(file, below);
        }
        throw failure(key, "'" + shown(key) + "' is a table, as in [" + shown(key) + "]");
    }

    /** The settings of components below this key, each with its place. */
    Map<String, Map<String, Placed>> settings(String key) throws CliFailure {
        Map<String, Map<String, Placed>> settings = new LinkedHashMap<>();
        ConfigurationTable components = table(key);
        for (String component : components.keys()) {
            settings.put(component, components.table(component).placed());
        }
        return Map.copyOf(settings);
    }

    /** Every value as text, with its place. */
    Map<String, Placed> placed() throws CliFailure {
        Map<String, Placed> values = new LinkedHashMap<>();
        for (String key : keys()) {
            values.put(key, new Placed(plain(key), place(key)));
        }
        return Map.copyOf(values);
    }

    /** Where a key is, for people. */
    String place(String key) {
        TomlPosition position = table.inputPositionOf(List.of(key));
        return place(file, position == null ? TomlPosition.positionAt(1, 1) : position);
    }

    CliFailure failure(String key, String why) {
        return failureAt(place(key), why);
    }

    static CliFailure failureAt(String place, String why) {
        return new CliFailure(
                ExitCode.CONFIGURATION, "cannot use the configuration", place + ": " + Untrusted.line(why, 300), "");
    }

    static String place(Path file, TomlPosition position) {
        return file + ", line " + position.line() + ", column " + position.column();
    }

    private String plain(String key) throws CliFailure {
        Object value = value(key).orElse("");
        if (value instanceof TomlArray array) {
            return String.join(",", array.toList().stream().map(String::valueOf).toList());
        }
        if (value instanceof TomlTable) {
            throw failure(key, "'" + shown(key) + "' is a table; a setting is a text, number or true/false");
        }
        return String.valueOf(value);
    }

    private static String shown(String key) {
        return Untrusted.line(key, 40);
    }
}
