// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.OptionalInt;
import org.sciabc.spi.Node;

/** How many processes a node takes: what was asked for, else one for each core that it announced, else one. */
public final class Slots {
    private Slots() {}

    /**
     * The slots of a node.
     *
     * @param asked what the person wants on every node
     */
    public static int of(Node node, OptionalInt asked) {
        return asked.orElse(node.hardware().cores().orElse(1));
    }
}
