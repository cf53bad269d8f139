// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;

/** How many processes of the job run, and as whom. */
@Parameters(separators = "=")
public final class JobOptions {
    @Parameter(names = "-n", description = "N | how many processes (default: one for each slot)")
    private @Nullable String ranks;

    @Parameter(names = "--oversubscribe", description = "allow more processes than there are slots")
    private boolean oversubscribe;

    @Parameter(names = "--allow-root", description = "run the job as root, here or on the nodes")
    private boolean allowRoot;

    /** How many processes, where that was said. */
    public OptionalInt ranks() throws CliFailure {
        return SlotOptions.count("-n", "processes", ranks);
    }

    /** Whether there may be more processes than slots. */
    public boolean oversubscribes() {
        return oversubscribe;
    }

    /** Whether the job may run as root. */
    public boolean allowsRoot() {
        return allowRoot;
    }
}
