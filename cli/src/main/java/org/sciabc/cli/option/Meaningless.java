// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import org.sciabc.cli.CliFailure;

/**
 * Where an option would be ignored, which is refused.
 *
 * @param beside what it does not go with, such as {@code --hostfile}
 * @param why what decides instead
 */
public record Meaningless(String beside, String why) {

    /** Refuses the option, if it was given. */
    public void refuse(String option, boolean given) throws CliFailure {
        if (given) {
            throw CliFailure.usage(option + " has no meaning with " + beside, why, "leave out one of the two");
        }
    }
}
