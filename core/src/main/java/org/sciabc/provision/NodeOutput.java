// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Untrusted;

/** What a node said, kept line by line: printable, and not more than a person would read. */
final class NodeOutput {
    private static final int KEPT_LINES = 2_000;
    private static final int LONGEST_LINE = 1_000;
    private static final String FULL_DISK = "No space left on device";

    private final Deque<String> lines = new ArrayDeque<>();

    /** Keeps a line and gives it back as it may be shown; empty text for one that says nothing. */
    synchronized String add(String raw) {
        String line = Untrusted.line(raw, LONGEST_LINE);
        if (!line.isEmpty()) {
            lines.add(line);
            if (lines.size() > KEPT_LINES) {
                lines.remove();
            }
        }
        return line;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * What is most likely the reason of a failure: a full disk, of which everything that is said later is a consequence;
     * dpkg says it first, and apt then says only that dpkg failed; apt marks its own; other programs say it last.
     */
    static String reason(List<String> lines) {
        Optional<String> full =
                lines.stream().filter(line -> line.contains(FULL_DISK)).findFirst();
        if (full.isPresent()) {
            return full.get().strip().replaceFirst("^(E|dpkg): (error: )?", "");
        }
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).startsWith("dpkg: error")) {
                boolean goesOn = lines.get(line).endsWith(":") && line + 1 < lines.size();
                return lines.get(line).substring("dpkg: ".length())
                        + (goesOn ? " " + lines.get(line + 1).strip() : "");
            }
        }
        List<String> marked = lines.stream()
                .filter(line -> line.startsWith("E: ") || line.startsWith("error: ") || line.startsWith("ERROR: "))
                .map(line -> line.replaceFirst("^[A-Za-z]+: ", ""))
                .distinct()
                .toList();
        List<String> said = marked.isEmpty() ? new ArrayList<>(lines) : marked;
        return said.isEmpty()
                ? ""
                : said.get(said.size() - 1)
                        .replaceFirst("^\\S*sh: (line )?[0-9]+: ", "")
                        .replaceAll(" +", " ");
    }
}
