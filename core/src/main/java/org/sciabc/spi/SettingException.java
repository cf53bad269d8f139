// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Comparator;
import java.util.List;

/** A setting that is unknown or has a value that its type refuses. */
public final class SettingException extends SciabcException {
    private static final long serialVersionUID = 1L;

    private SettingException(String what, String why, String hint) {
        super(what, why, hint);
    }

    static SettingException unknown(String key, List<String> known) {
        String shown = Untrusted.line(key, 60);
        if (known.isEmpty()) {
            return new SettingException("unknown setting '" + shown + "'", "there are no settings here", "");
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> Similarity.distance(shown, candidate)))
                .orElseThrow();
        return new SettingException(
                "unknown setting '" + shown + "'",
                "the settings are " + String.join(", ", known),
                "did you mean '" + nearest + "'?");
    }

    static SettingException refused(Setting setting, String text) {
        String form = switch (setting.type()) {
            case NUMBER -> "a whole number, zero or more";
            case DURATION -> "a duration such as 300ms, 5s or 2m, of at most ten years";
            case FLAG -> "true or false";
            case TEXT, LIST, SECRET -> "text without control characters";
        };
        String shown = setting.type() == Setting.Type.SECRET ? "the given value" : "'" + Untrusted.line(text, 60) + "'";
        return new SettingException(
                "setting '" + setting.key() + "' cannot be " + shown, "it takes " + form, setting.help());
    }
}
