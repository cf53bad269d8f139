// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The validated settings of one component: every declared key that was given or has a default, and no other. Immutable.
 *
 * <p>The accessors throw {@link IllegalArgumentException} for a key that was not declared with the accessor's type: that is
 * a defect of the component, not of its user.
 */
public final class Settings {
    private final Map<String, Setting> declared;
    private final Map<String, String> values;

    private Settings(Map<String, Setting> declared, Map<String, String> values) {
        this.declared = declared;
        this.values = values;
    }

    /**
     * Checks what was given against what was declared.
     *
     * @param declared the component's declarations
     * @param given texts by key, without the component's id
     * @throws SettingException for an unknown key (naming the nearest known one) or a text that the type refuses
     */
    public static Settings of(List<Setting> declared, Map<String, String> given) throws SettingException {
        Map<String, Setting> byKey = declared.stream()
                .collect(Collectors.toMap(Setting::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
        Map<String, String> values = new LinkedHashMap<>();
        byKey.values().forEach(setting -> setting.defaultText().ifPresent(text -> values.put(setting.key(), text)));
        for (var entry : given.entrySet()) {
            Setting setting = byKey.get(entry.getKey());
            if (setting == null) {
                throw SettingException.unknown(entry.getKey(), List.copyOf(byKey.keySet()));
            }
            if (!isAcceptable(setting.type(), entry.getValue())) {
                throw SettingException.refused(setting, entry.getValue());
            }
            values.put(setting.key(), entry.getValue());
        }
        return new Settings(byKey, Map.copyOf(values));
    }

    /** The defaults alone. */
    public static Settings defaults(List<Setting> declared) {
        try {
            return of(declared, Map.of());
        } catch (SettingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The same with another value of one setting.
     *
     * @throws SettingException for an unknown key or a text that the type refuses
     */
    public Settings with(String key, String text) throws SettingException {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(key, text);
        return of(List.copyOf(declared.values()), changed);
    }

    /** The text of a setting that has a default. */
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> new IllegalArgumentException("no value and no default: " + key));
    }

    /** The text of a setting, absent when neither given nor defaulted. */
    public Optional<String> optionalText(String key) {
        return value(key, Setting.Type.TEXT);
    }

    /** The number of a setting that has a default. */
    public long number(String key) {
        return Long.parseLong(
                value(key, Setting.Type.NUMBER).orElseThrow(() -> new IllegalArgumentException("no value: " + key)));
    }

    /** The duration of a setting that has a default. */
    public Duration duration(String key) {
        return value(key, Setting.Type.DURATION)
                .flatMap(Durations::parse)
                .orElseThrow(() -> new IllegalArgumentException("no value: " + key));
    }

    /** Whether a flag that has a default is set. */
    public boolean flag(String key) {
        return value(key, Setting.Type.FLAG).map(Boolean::parseBoolean).orElse(false);
    }

    /** The texts of a list; empty when none were given. */
    public List<String> list(String key) {
        return value(key, Setting.Type.LIST).map(Setting::split).orElse(List.of());
    }

    /** The secret, absent unless given. */
    public Optional<Secret> secret(String key) {
        return value(key, Setting.Type.SECRET).map(Secret::of);
    }

    private Optional<String> value(String key, Setting.Type type) {
        Setting setting = declared.get(key);
        if (setting == null || setting.type() != type) {
            throw new IllegalArgumentException("not declared as " + type + ": " + key);
        }
        return Optional.ofNullable(values.get(key));
    }

    private static boolean isAcceptable(Setting.Type type, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        return switch (type) {
            case TEXT, LIST, SECRET -> true;
            case NUMBER -> text.matches("\\d{1,18}");
            case DURATION -> Durations.parse(text).isPresent();
            case FLAG -> text.equals("true") || text.equals("false");
        };
    }

    /** The keys and values without secrets. */
    @Override
    public String toString() {
        return declared.values().stream()
                .filter(setting -> values.containsKey(setting.key()))
                .map(setting -> setting.key() + "="
                        + (setting.type() == Setting.Type.SECRET ? "***" : values.get(setting.key())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
