// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sciabc.spi.Probe;

/**
 * All probes of a node in one script for {@code sh}, and the way back from its output to their answers. One script, because
 * a second connection costs more than all the questions together.
 */
final class PreflightScript {
    private static final Pattern MARK = Pattern.compile("(?m)^@@sciabc ([A-Za-z0-9.-]+)@@\\n");
    private static final String END = "end";
    private static final int MOST_CHARACTERS = 1 << 14;

    private PreflightScript() {}

    /** The script; what the login shell prints before it is not among the answers. */
    static String of(List<Probe> probes) {
        StringBuilder script = new StringBuilder("LC_ALL=C; export LC_ALL\n");
        for (Probe probe : probes) {
            // Each in a shell of its own: an error in one must not end the others.
            script.append(mark(probe.name()))
                    .append("( eval ")
                    .append(quoted(probe.script()))
                    .append(" ) </dev/null 2>/dev/null\n");
        }
        return script.append(mark(END)).toString();
    }

    /** The answers by the name of the probe; empty when the script did not come to its end. */
    static Optional<Map<String, String>> answers(String output) {
        Map<String, String> answers = new LinkedHashMap<>();
        Matcher matcher = MARK.matcher(output);
        String name = "";
        int begin = 0;
        while (matcher.find()) {
            if (!name.isEmpty()) {
                int end = Math.min(matcher.start(), begin + MOST_CHARACTERS);
                answers.putIfAbsent(name, output.substring(begin, end).strip());
            }
            name = matcher.group(1);
            begin = matcher.end();
        }
        return name.equals(END) ? Optional.of(answers) : Optional.empty();
    }

    /** A word as a POSIX shell reads it back. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A line of a script after which the answer to this question comes, which may be in the middle of another probe. */
    static String mark(String name) {
        return "printf '\\n@@sciabc %s@@\\n' " + name + "\n";
    }
}
