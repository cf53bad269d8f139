// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A question to a node: a script whose standard output is the answer.
 *
 * <p>An answer that only files decide need not be found out anew before each job: the host may take that of an earlier one
 * while all that its {@code evidence} names is as it was. Evidence names files, whether or not they exist, with two commands
 * that the host defines: {@code on FILE...}, and {@code on_path NAME...} for programs on the {@code PATH}, which leaves in
 * {@code $p} where the last of those that were found is. The libraries of the job's program need no naming, nor do the
 * system's packages. Whatever else the answer depends on, evidence prints. It must end with whatever happens, may not
 * {@code exit}, and starts no process: that is what it saves. It uses no variable that begins with {@code sciabc}.
 *
 * @param name letters, digits, dots and hyphens
 * @param script POSIX shell text that reads nothing, changes nothing, and answers within a second; at most 16 KiB of its
 *     output are kept
 * @param evidence shell text that tells whether the answer can have changed; empty for a question that is always asked
 */
public record Probe(String name, String script, String evidence) {
    private static final int LONGEST_LINE = 120;

    /** A question that is always asked. */
    public Probe(String name, String script) {
        this(name, script, "");
    }

    public Probe {
        Objects.requireNonNull(script, "script is null");
        Objects.requireNonNull(evidence, "evidence is null");
        if (!name.matches("[A-Za-z][A-Za-z0-9.-]{0,40}")) {
            throw new IllegalArgumentException("not a probe's name: " + name);
        }
    }

    /**
     * An answer that is made of lines such as {@code version 4.1.4}: what follows the first word, by that word, in the order of
     * the lines. Of two with one word the first counts; a word alone has an empty text. Each line is made printable and cut
     * after 120 characters.
     */
    public static Map<String, String> words(String answer) {
        Map<String, String> words = new LinkedHashMap<>();
        answer.lines().forEach(raw -> {
            String line = Untrusted.line(raw, LONGEST_LINE);
            int space = line.indexOf(' ');
            words.putIfAbsent(
                    space < 0 ? line : line.substring(0, space),
                    space < 0 ? "" : line.substring(space + 1).strip());
        });
        return Collections.unmodifiableMap(words);
    }
}
