// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void numbersOutOfOrderAreAcceptedOnceEach() {
        List<Long> numbers =
                new ArrayList<>(LongStream.rangeClosed(1, 4_000).boxed().toList());
        Collections.shuffle(numbers, new Random(5));

        assertThat(numbers).allMatch(window::accepts);
        assertThat(numbers).noneMatch(window::accepts);
    }

    @Test
    void gapsMayBeFilledLaterWhileTheyAreRemembered() {
        assertThat(window.accepts(10_000)).isTrue();
        assertThat(window.accepts(10_000 - 4_095)).isTrue();
        assertThat(window.accepts(10_000 - 4_096))
                .as("too old to be remembered")
                .isFalse();
        assertThat(window.accepts(9_999)).isTrue();
        assertThat(window.accepts(9_999)).isFalse();
    }

    @Test
    void aGreatLeapForgetsEverythingBefore() {
        assertThat(LongStream.rangeClosed(1, 5_000).boxed().toList()).allMatch(window::accepts);
        assertThat(window.accepts(Long.MAX_VALUE)).isTrue();
        assertThat(window.accepts(5_001)).isFalse();
        assertThat(window.accepts(Long.MAX_VALUE - 1)).isTrue();
        assertThat(window.accepts(0)).isFalse();
        assertThat(window.accepts(-1)).isFalse();
    }
}
