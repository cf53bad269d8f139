// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EngineTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void anAnswerIsPassedOn() {
        assertThat(Engine.<String>within(LONG, "say who it is", () -> "an engine"))
                .isEqualTo("an engine");
    }

    @Test
    void aRefusalIsPassedOnAsItIs() {
        NotFoundException refusal = new NotFoundException("no such container");

        assertThatThrownBy(() -> Engine.within(LONG, "remove node3", () -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
    }

    @Test
    void whoHangsIsNamedAndNotAskedAgainUntilItHasAnswered() {
        CountDownLatch answer = new CountDownLatch(1);
        try {
            assertThatThrownBy(() -> Engine.within(SHORT, "remove node3", () -> {
                        answer.await();
                        return "late";
                    }))
                    .hasMessageContaining("did not remove node3");

            assertThatThrownBy(() -> Engine.within(LONG, "boot node4", () -> "never asked"))
                    .hasMessageContaining("not asked to boot node4", "remove node3");
        } finally {
            answer.countDown();
        }
        while (true) {
            try {
                assertThat(Engine.<String>within(LONG, "boot node4", () -> "booted"))
                        .isEqualTo("booted");
                return;
            } catch (IllegalStateException notYetDone) {
                Thread.onSpinWait();
            }
        }
    }
}
