// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import org.sciabc.spi.Untrusted;

/**
 * The account that a node is reached with.
 *
 * @param name the user's name
 * @param origin who said so
 */
public record ChosenUser(String name, Origin origin) {

    /** Who named the account, first come first served. */
    public enum Origin {
        /** The command line. */
        COMMAND_LINE("from the command line"),
        /** The hostfile that lists the node. */
        HOSTFILE("from the hostfile"),
        /** An earlier answer. */
        REMEMBERED("remembered"),
        /** The configuration. */
        CONFIGURATION("from the configuration"),
        /** The node itself. */
        ANNOUNCED("as the node announced"),
        /** Nobody: the local user's name. */
        LOCAL("the local user's name");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    public ChosenUser {
        if (Untrusted.user(name).isEmpty()) {
            throw new IllegalArgumentException("not a user's name: " + Untrusted.line(name, 80));
        }
    }
}
