// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

/**
 * A question to a node: a script whose standard output is the answer.
 *
 * @param name letters, digits, dots and hyphens
 * @param script POSIX shell text that reads nothing, changes nothing, and answers within a second; at most 16 KiB of its
 *     output are kept
 */
public record Probe(String name, String script) {
    public Probe {
        if (!name.matches("[A-Za-z][A-Za-z0-9.-]{0,40}")) {
            throw new IllegalArgumentException("not a probe's name: " + name);
        }
    }
}
