// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A set of names or addresses that is read and written folded, as pdsh and ClusterShell do: {@code node[1-3,7]}.
 *
 * <p>Numbers keep their leading zeros ({@code node[08-11]}); what stands before and after a bracket may be anything without
 * spaces and commas, so that {@code pi@10.0.0.[1-8]:22} is eight of them. A bracket that holds a colon belongs to an
 * IPv6 address and stands for itself, as in {@code pi@[fe80::1%eth0]:22}.
 *
 * @param names the names, without doubles, in {@link #NATURAL_ORDER}
 */
public record NodeSet(List<String> names) {
    /** Sorts as people count: node2 before node10, and 10.0.0.9 before 10.0.0.10; agrees with equality. */
    public static final Comparator<String> NATURAL_ORDER = new NaturalOrder();

    /** The greatest number of names that an expression may stand for. */
    public static final int LIMIT = 65_536;

    /** The longest name of the domain name system, with room for a user and a port. */
    static final int LONGEST_NAME = 300;

    private static final Pattern NAME =
            Pattern.compile("([^\\[\\],\\s\\p{Cntrl}]|\\[[^\\[\\],\\s\\p{Cntrl}]*:[^\\[\\],\\s\\p{Cntrl}]*])+");

    public NodeSet {
        TreeSet<String> sorted = new TreeSet<>(NATURAL_ORDER);
        sorted.addAll(names);
        for (String name : sorted) {
            if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a name: " + Untrusted.line(name, 80));
            }
        }
        names = List.copyOf(sorted);
    }

    /**
     * The set of these names.
     *
     * @throws IllegalArgumentException when one is empty or holds commas, spaces, control characters, or brackets other
     *     than those of an IPv6 address
     */
    public static NodeSet of(Collection<String> names) {
        return new NodeSet(List.copyOf(names));
    }

    /**
     * Reads folded names separated by commas, such as {@code pi@10.0.0.[1-8]:22,desk7}. Several brackets in one item stand
     * for every combination.
     *
     * @throws SciabcException when the text cannot be read, with the column, or stands for more than {@link #LIMIT} names
     */
    public static NodeSet parse(String text) throws SciabcException {
        return new NodeSet(new NodeSetParser(text).names());
    }

    /** The folded form, which {@link #parse} reads back; empty text for an empty set. */
    @Override
    public String toString() {
        return NodeSetFolding.fold(names);
    }
}
