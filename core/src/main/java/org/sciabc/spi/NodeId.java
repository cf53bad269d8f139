// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node's identity: random, created once on the node, never derived from hardware (cloned cards share that).
 *
 * @param value 8 to 64 letters, digits and hyphens
 */
public record NodeId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{7,63}");

    public NodeId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a node's id: " + Untrusted.line(value, 80));
        }
    }

    /** Reads an id; empty when the text is not one. */
    public static Optional<NodeId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new NodeId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NodeId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
