// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key as in {@code authorized_keys} (sshd(8)): options, type, base64, comment.
 *
 * @param line the whole line
 * @param type such as {@code ssh-ed25519}
 * @param blob the key in base64
 */
record KeyLine(String line, String type, String blob) {
    private static final Pattern FORM = Pattern.compile(
            "(?:.* )?((?:ssh|sk-ssh|ecdsa|sk-ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]{20,}={0,3})(?: [^\\r\\n]*)?");

    /** Whether it is restricted: then what is restricted otherwise is another one. */
    boolean hasOptions() {
        return !line.startsWith(type);
    }

    /** Reads a line; empty when it is not a public key. */
    static Optional<KeyLine> parse(String text) {
        String line = text.strip();
        Matcher matcher = FORM.matcher(line);
        boolean printable = line.codePoints().noneMatch(Character::isISOControl);
        return printable && matcher.matches()
                ? Optional.of(new KeyLine(line, matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
