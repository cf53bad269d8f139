// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;

/** What a node is like where a requirement is concerned. */
public sealed interface State {

    /**
     * Nothing to do.
     *
     * @param remark what is worth knowing all the same; mostly empty text
     */
    record Met(String remark) implements State {}

    /**
     * Something to do.
     *
     * @param reason why, such as {@code absent} or {@code mode 600}
     * @param missing the packages that are missing; empty for other requirements
     */
    record Unmet(String reason, List<String> missing) implements State {
        public Unmet {
            missing = List.copyOf(missing);
        }
    }

    /**
     * The account may not look.
     *
     * @param reason why
     */
    record Unknown(String reason) implements State {}
}
