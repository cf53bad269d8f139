// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A domain name. Equal without regard to the case of ASCII letters (RFC 6762, section 16), and printed with the dots and
 * backslashes inside of its labels escaped (RFC 6763, section 4.3).
 */
final class DnsName {
    private static final int LABEL_LIMIT = 63;

    private final List<String> labels;
    private final List<String> folded;

    private DnsName(List<String> labels) {
        this.labels = List.copyOf(labels);
        this.folded = this.labels.stream().map(DnsName::fold).toList();
    }

    static DnsName of(String... labels) {
        return new DnsName(List.of(labels));
    }

    static DnsName of(List<String> labels) {
        return new DnsName(labels);
    }

    /** The name below this one. A label that DNS cannot hold is cut. */
    DnsName child(String label) {
        return new DnsName(Stream.concat(Stream.of(cut(label)), labels.stream()).toList());
    }

    List<String> labels() {
        return labels;
    }

    boolean isRoot() {
        return labels.isEmpty();
    }

    /** The leftmost label, empty text for the root. */
    String first() {
        return labels.isEmpty() ? "" : labels.get(0);
    }

    /** Whether this is a name directly below the other. */
    boolean isChildOf(DnsName parent) {
        return folded.size() == parent.folded.size() + 1
                && folded.subList(1, folded.size()).equals(parent.folded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsName name && folded.equals(name.folded);
    }

    @Override
    public int hashCode() {
        return folded.hashCode();
    }

    @Override
    public String toString() {
        return labels.stream()
                .map(label -> label.replace("\\", "\\\\").replace(".", "\\."))
                .collect(Collectors.joining("."));
    }

    private static String fold(String label) {
        StringBuilder lower = new StringBuilder(label);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }

    private static String cut(String label) {
        String shorter = label;
        while (shorter.getBytes(StandardCharsets.UTF_8).length > LABEL_LIMIT) {
            shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
        }
        return shorter;
    }
}
