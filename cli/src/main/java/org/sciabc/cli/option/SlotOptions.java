// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.Untrusted;

/** How jobs are run, and how many processes a node takes. */
@Parameters(separators = "=")
public final class SlotOptions {
    @Parameter(names = "--slots", description = "N | how many processes each node takes (default: its cores)")
    private @Nullable String slots;

    @Parameter(names = "--launcher", description = "NAME | how jobs are run (default: openmpi, or the configuration's)")
    private @Nullable String launcherName;

    /** How many processes each node takes, where that was said. */
    public OptionalInt slots() throws CliFailure {
        return count("--slots", "processes on each node", slots);
    }

    /** How jobs are run, where it was named. */
    public Optional<String> launcher() {
        return Optional.ofNullable(launcherName);
    }

    static OptionalInt count(String option, String what, @Nullable String text) throws CliFailure {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("0*[1-9]\\d{0,5}")) {
            throw CliFailure.usage(
                    option + " cannot be '" + Untrusted.line(text, 40) + "'",
                    "it takes a number of " + what + ", at least 1",
                    "");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }
}
