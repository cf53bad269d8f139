// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pf4j.DefaultVersionManager;

class PlainRangeTest {

    @ParameterizedTest
    @CsvSource({
        ">=0.1.0, 0.1.0, true",
        ">=0.1.0 & <0.2.0, 0.1.9, true",
        ">=0.1.0 & <0.2.0, 0.2.0, false",
        ">=0.1.0&<0.2.0, 0.10.0, false",
        ">0.1.0, 0.1.0, false",
        "<=0.1.0, 0.1.0, true",
        "=1.2.3, 1.2.3, true",
        "=1.2.3, 1.2.4, false",
        ">= 99.0.0, 0.1.0, false",
    })
    void agreesWithPf4j(String range, String version, boolean held) {
        assertThat(PlainRange.holds(range, version)).contains(held);
        assertThat(new DefaultVersionManager().checkVersionConstraint(version, range))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "~1.0",
                "1.x",
                ">=1.0",
                ">=1.0.0-alpha",
                ">=1.0.0 | <2.0.0",
                "",
                "the newest",
                "<>1.0.0",
                ">=9999999.0.0"
            })
    void leavesEveryOtherFormToPf4j(String range) {
        assertThat(PlainRange.holds(range, "1.0.0")).isEqualTo(Optional.empty());
    }
}
