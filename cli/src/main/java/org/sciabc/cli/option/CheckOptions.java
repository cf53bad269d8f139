// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import org.sciabc.cli.CliFailure;

/** What is checked before a job is started. */
@Parameters(separators = "=")
public final class CheckOptions {
    @Parameter(names = "--no-check", description = "start the job without looking first whether it can run")
    private boolean unchecked;

    @Parameter(
            names = "--largest-group",
            description = "where the nodes do not fit together, run on the largest group that does")
    private boolean largestGroup;

    /** Refuses what contradicts itself. */
    public void check() throws CliFailure {
        if (unchecked && largestGroup) {
            throw CliFailure.usage(
                    "--largest-group does not go with --no-check",
                    "which nodes fit together is found out by the checks",
                    "leave out one of the two");
        }
    }

    /** Whether nothing is checked. */
    public boolean isUnchecked() {
        return unchecked;
    }

    /** Whether the largest group of nodes that fit together is used, where not all do. */
    public boolean usesLargestGroup() {
        return largestGroup;
    }
}
