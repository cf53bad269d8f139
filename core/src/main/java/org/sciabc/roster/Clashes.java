// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Notice;

/** Collects what the claims contradict each other in, and words it. */
final class Clashes {
    private static final int SHOWN = 4;
    private static final String NOWHERE = "address unknown";

    private final Map<String, Clash> clashes = new LinkedHashMap<>();

    List<Clash> all() {
        return List.copyOf(clashes.values());
    }

    void sameId(NodeId id, List<Group> groups) {
        List<Group> here = here(groups);
        if (here.size() > 1) {
            warn(
                    "id " + id,
                    shown(here) + " announce the same id: was one copied from the other? only the first keeps it");
        }
    }

    void sameHostKey(String hostKey, List<Group> groups) {
        List<Group> here = here(groups);
        // Equal ids have been told already, and say more.
        Set<NodeId> ids = here.stream().flatMap(group -> group.id().stream()).collect(Collectors.toSet());
        if (here.size() > 1 && ids.size() != 1) {
            warn(
                    "host key " + hostKey,
                    shown(here) + " have the same SSH host key: was one copied from the other? give each its own");
        }
    }

    void sameEndpoint(Endpoint endpoint, List<Group> groups) {
        List<String> late =
                groups.stream().skip(1).map(group -> "'" + group.name() + "'").toList();
        warn(
                "endpoint " + endpoint,
                listed(late) + (late.size() == 1 ? " claims " : " claim ") + place(endpoint.address()) + ", where '"
                        + groups.get(0).name() + "' is: that claim is left out");
    }

    void replaced(Endpoint endpoint, Group former, Group now) {
        String about = "replaced " + endpoint + now.name();
        clashes.putIfAbsent(
                about,
                new Clash(
                        about,
                        Notice.info("'" + now.name() + "' is now at " + place(endpoint.address()) + ", where '"
                                + former.name() + "' was: they are different machines")));
    }

    void sameName(String name, List<RosterEntry> entries) {
        warn("name " + name, "different nodes are called '" + name + "': " + addresses(entries));
    }

    void tooManyClaims(Group group) {
        String name = group.name();
        warn("claims of " + name, "too many announcements for '" + name + "': the rest is left out");
    }

    private void warn(String about, String text) {
        clashes.putIfAbsent(about, new Clash(about, Notice.warning(text)));
    }

    private static List<Group> here(List<Group> groups) {
        return groups.stream().filter(Group::isHere).toList();
    }

    private static String shown(List<Group> groups) {
        return listed(groups.stream()
                .map(group -> "'" + group.name() + "' ("
                        + group.endpoints().stream()
                                .findFirst()
                                .map(endpoint -> place(endpoint.address()))
                                .orElse(NOWHERE)
                        + ")")
                .toList());
    }

    private static String addresses(List<RosterEntry> entries) {
        return listed(entries.stream()
                .map(entry -> entry.node().addresses().stream()
                        .findFirst()
                        .map(Clashes::place)
                        .orElse(NOWHERE))
                .toList());
    }

    private static String place(InetAddress address) {
        return address.getHostAddress();
    }

    private static String listed(List<String> names) {
        List<String> first = new ArrayList<>(names.subList(0, Math.min(SHOWN, names.size())));
        if (names.size() > SHOWN) {
            return String.join(", ", first) + " and " + (names.size() - SHOWN) + " more";
        }
        String last = first.remove(first.size() - 1);
        return first.isEmpty() ? last : String.join(", ", first) + " and " + last;
    }
}
