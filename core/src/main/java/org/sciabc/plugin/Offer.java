// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One component, by name: what a plugin's manifest declares as {@code Sciabc-Components: discovery:zeroconf}, so that it can
 * be found without any code of the plugin being loaded.
 */
public record Offer(ComponentKind kind, String id) {
    private static final int LONGEST_ID = 32;

    /** As {@link org.sciabc.spi.Component#id} demands. */
    static boolean isComponentId(String id) {
        boolean valid = !id.isEmpty() && id.length() <= LONGEST_ID && isLetter(id.charAt(0));
        for (int i = 1; valid && i < id.length(); i++) {
            char c = id.charAt(i);
            valid = isLetter(c) || (c >= '0' && c <= '9') || c == '-';
        }
        return valid;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
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

    /** Written out, as is {@link #equals}: what records generate costs 25 ms when it is used first, and this is at every start. */
    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + id.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Offer offer && offer.kind == kind && offer.id.equals(id);
    }

    @Override
    public String toString() {
        return kind.label() + ":" + id;
    }
}
