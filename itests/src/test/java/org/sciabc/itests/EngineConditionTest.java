// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EngineConditionTest {

    @Test
    void withAnEngineTestsRun() {
        assertThat(EngineCondition.decide(true, true).isDisabled()).isFalse();
    }

    @Test
    void withoutAnEngineTestsAreSkipped() {
        assertThat(EngineCondition.decide(false, false).isDisabled()).isTrue();
    }

    @Test
    void withoutAnEngineTestsFailWhereNothingMayBeSkipped() {
        assertThatThrownBy(() -> EngineCondition.decide(false, true)).hasMessageContaining("CI=true");
    }
}
