// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/** The values that each node fills in for itself; see {@link org.sciabc.spi.Requirement.FileContent}. */
final class Placeholders {
    private Placeholders() {}

    /** Whether the text has any. */
    static boolean in(String text) {
        return text.contains("@sciabc.");
    }

    /** Whether the text tells the node's identity, which the node must then have. */
    static boolean wantsId(String text) {
        return text.contains("@sciabc.id@");
    }
}
