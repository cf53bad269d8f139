// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.launch.HostfileLine;
import org.sciabc.spi.Untrusted;

/** How jobs are run, and how many processes a node takes. */
@Parameters(separators = "=")
public final class SlotOptions {
    private static final int MOST = HostfileLine.MOST_SLOTS;

    @Parameter(names = "--slots", description = "N | how many processes each node takes (default: its cores)")
    private @Nullable String slots;

    @ParametersDelegate
    private LauncherOption launcher = new LauncherOption();

    /** How many processes each node takes, where that was said. */
    public OptionalInt slots() throws CliFailure {
        return count("--slots", "processes on each node", slots);
    }

    /** How jobs are run, where it was named. */
    public Optional<String> launcher() {
        return launcher.name();
    }

    static OptionalInt count(String option, String what, @Nullable String text) throws CliFailure {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("0*[1-9]\\d{0,5}") || Integer.parseInt(text) > MOST) {
            throw CliFailure.usage(
                    option + " cannot be '" + Untrusted.line(text, 40) + "'",
                    "it takes a number of " + what + ", from 1 to " + MOST,
                    "");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }
}
