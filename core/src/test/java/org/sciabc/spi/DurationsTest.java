// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @ValueSource(strings = {"87601h", "2562048h", "999999999h", "999999999"})
    void whatIsLongerThanTenYearsIsNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void tenYearsAreCountedInNanoseconds() {
        assertThat(Durations.parse("87600h")).map(Duration::toNanos).contains(315_360_000_000_000_000L);
    }
}
