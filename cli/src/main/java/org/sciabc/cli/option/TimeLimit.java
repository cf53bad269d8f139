// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.spi.Durations;
import org.sciabc.spi.Untrusted;

/** A time after which something is ended. */
final class TimeLimit {
    private TimeLimit() {}

    /** The limit of an option, where it was given. */
    static Optional<Duration> parse(String option, @Nullable String text) throws CliFailure {
        if (text == null) {
            return Optional.empty();
        }
        Optional<Duration> time = Durations.parse(text).filter(positive -> !positive.isZero());
        if (time.isEmpty()) {
            throw CliFailure.usage(
                    option + " cannot be '" + Untrusted.line(text, 40) + "'",
                    "it takes a time such as 500ms, 30s, 2m, of at most ten years",
                    "");
        }
        return time;
    }
}
