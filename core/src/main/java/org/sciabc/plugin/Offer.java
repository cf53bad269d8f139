// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One component, by name: what a plugin's manifest declares as {@code Sciabc-Components: discovery:zeroconf}, so that it can
 * be found without any code of the plugin being loaded.
 */
public record Offer(ComponentKind kind, String id) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    static boolean isComponentId(String id) {
        return ID.matcher(id).matches();
    }

    /** Reads {@code KIND:ID, KIND:ID}; empty when the text is anything else. */
    static Optional<List<Offer>> parseAll(String text) {
        List<Offer> offers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] words = part.strip().split(":", -1);
            Optional<ComponentKind> kind = ComponentKind.parse(words[0]);
            if (words.length != 2 || kind.isEmpty() || !isComponentId(words[1])) {
                return Optional.empty();
            }
            offers.add(new Offer(kind.get(), words[1]));
        }
        return Optional.of(List.copyOf(offers));
    }

    @Override
    public String toString() {
        return kind.label() + ":" + id;
    }
}
