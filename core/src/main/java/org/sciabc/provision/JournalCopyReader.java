// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the copy of its journal that a node sends at the end of a session. */
final class JournalCopyReader {
    private static final String PREFIX = "@sciabc copy ";

    /** Some hundred changes, each with a list of all packages, need a tenth of it. */
    private static final int MOST_LINES = 200_000;

    private final String place;
    private final List<String> archive = new ArrayList<>();
    private String machine = "";
    private List<String> numbers = List.of();
    private boolean complete;

    JournalCopyReader(String place) {
        this.place = place;
    }

    /** Takes a line of output when it belongs to the copy. */
    boolean take(String line) {
        if (!line.startsWith(PREFIX)) {
            return false;
        }
        String rest = line.substring(PREFIX.length());
        if (rest.startsWith("begin ")) {
            String[] words = rest.split(" ", -1);
            machine = words[1].matches("[0-9a-f]{32}") ? words[1] : JournalCopy.UNKNOWN;
            numbers = JournalCopy.numbers(rest);
            archive.clear();
        } else if (rest.equals("end")) {
            complete = true;
        } else if (JournalCopy.isBase64(rest) && archive.size() < MOST_LINES) {
            archive.add(rest);
        }
        return true;
    }

    /** The copy; empty when the node sent none, or not all of it. */
    Optional<JournalCopy> copy() {
        return complete && archive.size() < MOST_LINES
                ? Optional.of(new JournalCopy(place, machine, Optional.empty(), numbers, archive))
                : Optional.empty();
    }
}
