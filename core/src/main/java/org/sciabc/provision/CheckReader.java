// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.Untrusted;

/** Collects what a node says about the subjects of journal entries. */
final class CheckReader {
    private static final String CHECK = "@sciabc check ";
    private static final String NOW = "@sciabc now ";
    private static final int LONGEST = 4096;

    private final Map<String, List<String>> answers = new HashMap<>();
    private String number = "";
    private boolean complete;

    synchronized void line(String line) {
        if (line.startsWith(CHECK)) {
            number = line.substring(CHECK.length());
        } else if (line.startsWith(NOW)) {
            answers.computeIfAbsent(number, key -> new ArrayList<>())
                    .add(Untrusted.line(line.substring(NOW.length()), LONGEST));
        } else if (line.equals(SessionScript.ENTRIES_END)) {
            complete = true;
        }
    }

    synchronized boolean isComplete() {
        return complete;
    }

    synchronized Map<String, List<String>> answers() {
        return Map.copyOf(answers);
    }
}
