// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What probes found out about an endpoint.
 *
 * @param kind what it is
 * @param lastAnswer when it last answered, to {@link #PRECISION}
 * @param arrived as which of all answers and doubts this one came: clocks are set back
 */
record Verdict(Kind kind, Optional<Instant> lastAnswer, long arrived) {
    /** Answers come every second from every node: not each is worth merging the roster again. */
    static final Duration PRECISION = Duration.ofSeconds(30);

    /** What probes can find out, from the best to the worst. */
    enum Kind {
        /** It answers. */
        ANSWERED,
        /** It has not answered for a while. */
        MISSED,
        /** It has not answered for so long that nothing is there. */
        ABSENT
    }

    /** Whether a new answer tells nothing new. */
    boolean isRecentAnswer(Instant now) {
        return kind == Kind.ANSWERED
                && lastAnswer.filter(last -> last.plus(PRECISION).isAfter(now)).isPresent();
    }
}
