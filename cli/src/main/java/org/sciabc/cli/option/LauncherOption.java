// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How jobs are run, which decides what nodes need for it. */
@Parameters(separators = "=")
public final class LauncherOption {
    @Parameter(names = "--launcher", description = "NAME | how jobs are run (default: openmpi, or the configuration's)")
    private @Nullable String name;

    /** How jobs are run, where it was named. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }
}
