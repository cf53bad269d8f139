// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What plugins make, and a plugin need not be compiled with nullness checks. */
class SciabcExceptionTest {
    @Test
    void theReasonMayBeThatOfAnExceptionWithoutMessage() {
        IOException silent = new IOException();

        SciabcException failure = new SciabcException("cannot connect", silent.getMessage(), "try again", silent);

        assertThat(failure).hasMessage("cannot connect").hasCause(silent);
        assertThat(failure.why()).isEmpty();
    }

    @Test
    void whatAndHintAreNeededWhereItIsMade() {
        assertThatThrownBy(() -> failure(null, "because", ""))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("what is null");
        assertThatThrownBy(() -> failure("no", "because", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("hint is null");
    }

    @SuppressWarnings("NullAway")
    private static SciabcException failure(@Nullable String what, String why, @Nullable String hint) {
        return new SciabcException(what, why, hint);
    }
}
