// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

/** Sees to it that whoever names a node, by name or by id, means one node. The first of two keeps what both want. */
final class UniqueIdentity {
    private static final int LONGEST_NAME = 63;

    private final Set<NodeId> ids = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private UniqueIdentity() {}

    /**
     * The entries with unique names and ids, sorted by name.
     *
     * @param entries those first that keep theirs
     */
    static List<RosterEntry> of(List<RosterEntry> entries, Clashes clashes) {
        Map<String, List<RosterEntry>> byName = new LinkedHashMap<>();
        entries.forEach(entry ->
                byName.computeIfAbsent(key(entry), unseen -> new ArrayList<>()).add(entry));
        byName.values().forEach(sharing -> tell(sharing, clashes));

        UniqueIdentity unique = new UniqueIdentity();
        // Nobody is given a name that somebody else has by right.
        unique.names.addAll(byName.keySet());
        Set<String> taken = new HashSet<>();
        return entries.stream()
                .map(entry -> taken.add(key(entry)) ? unique.withId(entry) : unique.renamed(unique.withId(entry)))
                .sorted(RosterEntry.BY_NAME)
                .toList();
    }

    private static void tell(List<RosterEntry> sharing, Clashes clashes) {
        List<RosterEntry> here = sharing.stream()
                .filter(entry -> entry.state() != NodeState.GONE)
                .toList();
        if (here.size() > 1) {
            clashes.sameName(here.get(0).node().name(), here);
        }
    }

    private RosterEntry withId(RosterEntry entry) {
        Node node = entry.node();
        boolean unique = node.id().map(ids::add).orElse(true);
        return unique
                ? entry
                : entry.with(new Node(
                        Optional.empty(),
                        node.name(),
                        node.addresses(),
                        node.port(),
                        node.user(),
                        node.hardware(),
                        node.hostKey(),
                        node.cluster()));
    }

    private RosterEntry renamed(RosterEntry entry) {
        String name = entry.node().name();
        for (int number = 2; ; number++) {
            String suffix = "-" + number;
            String candidate = name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix;
            if (names.add(candidate.toLowerCase(Locale.ROOT))) {
                return entry.with(entry.node().withName(candidate));
            }
        }
    }

    private static String key(RosterEntry entry) {
        return entry.node().name().toLowerCase(Locale.ROOT);
    }
}
