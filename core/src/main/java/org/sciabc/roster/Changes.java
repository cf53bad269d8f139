// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.spi.Node;
import org.sciabc.spi.Notice;

/** Words what is remarkable about a machine that announces itself as another one than before. */
final class Changes {
    private Changes() {}

    /** What is to be told of an announcement that said one thing and now says another. */
    static List<Clash> between(Node before, Node after) {
        List<Clash> changes = new ArrayList<>();
        if (differ(before.id(), after.id())) {
            changes.add(warning(
                    "other id " + after.name() + after.id(),
                    "'" + after.name() + "' is another machine than before, or was set up anew: it has another id"));
        } else if (differ(before.hostKey(), after.hostKey())) {
            changes.add(warning(
                    "other key " + after.name() + after.hostKey(),
                    "'" + after.name() + "' announces another SSH host key than before: was it set up anew? "
                            + "nobody logs in there until that is confirmed"));
        }
        if (isElsewhere(before, after)) {
            changes.add(new Clash(
                    "moved " + after.name() + after.addresses(),
                    Notice.info("'" + after.name() + "' is now at " + shown(after) + " and was at " + shown(before))));
        }
        return changes;
    }

    private static boolean isElsewhere(Node before, Node after) {
        return !before.addresses().isEmpty()
                && !after.addresses().isEmpty()
                && Collections.disjoint(before.addresses(), after.addresses());
    }

    private static <T> boolean differ(Optional<T> before, Optional<T> after) {
        return before.isPresent() && after.isPresent() && !before.equals(after);
    }

    private static Clash warning(String about, String text) {
        return new Clash(about, Notice.warning(text));
    }

    private static String shown(Node node) {
        return node.addresses().stream()
                .limit(2)
                .map(InetAddress::getHostAddress)
                .collect(Collectors.joining(", "));
    }
}
